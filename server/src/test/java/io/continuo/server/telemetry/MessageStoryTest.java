package io.continuo.server.telemetry;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.TABLET;
import static io.continuo.server.conversation.LogSamples.disposition;
import static io.continuo.server.conversation.LogSamples.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.Answer;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.InMemoryConversationLog;
import io.continuo.server.conversation.Told;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.telemetry.MessageStory.Answered;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MessageStoryTest {
  private static final DeviceId ALICES_TABLET = new DeviceId(ALICE, "urn:uuid:tablet");

  private final InMemoryConversationLog log = new InMemoryConversationLog();

  @BeforeEach
  void aMessageThatBobReadAndThatAliceTabletRefused() {
    Told.append(log, OTHER, List.of(message(1, "of another conversation")));
    Told.append(
        log,
        CONVERSATION,
        List.of(new Entry.Opened(1, AT, false, List.of(ALICE, BOB)), message(2, "héllo")));
    answer(TABLET, 2, new DeliveryOutcome.Delivered(), 12);
    answer(ALICES_TABLET, 2, new DeliveryOutcome.Unreachable(0), 20);
    answer(ALICES_TABLET, 2, new DeliveryOutcome.Refused(415), 900);
    Told.append(
        log,
        CONVERSATION,
        List.of(disposition(3, "delivered", true), disposition(4, "displayed", false)));
    answer(PHONE, 3, new DeliveryOutcome.Delivered(), 950);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aStoryTellsWhoSentItAndWhichDeviceAnsweredWhat() throws Exception {
    MessageStory story = MessageStory.find(log, "m2").getFirst();

    assertThat(story.conversation()).isEqualTo(CONVERSATION);
    assertThat(story.sent())
        .isEqualTo(new MessageStory.Sent(2, AT, ALICE, PHONE, "message/cpim", 6));
    assertThat(story.answers())
        .containsExactly(
            new Answered(TABLET, new DeliveryOutcome.Delivered(), AT.plusMillis(12)),
            new Answered(ALICES_TABLET, new DeliveryOutcome.Unreachable(0), AT.plusMillis(20)),
            new Answered(ALICES_TABLET, new DeliveryOutcome.Refused(415), AT.plusMillis(900)));
  }

  @Test
  void itsNotificationsAreToldWithTheirOwnAnswers() throws Exception {
    MessageStory story = MessageStory.find(log, "m2").getFirst();

    assertThat(story.notifications())
        .containsExactly(
            new MessageStory.Notified(
                3,
                AT,
                BOB,
                TABLET,
                "delivered",
                true,
                List.of(new Answered(PHONE, new DeliveryOutcome.Delivered(), AT.plusMillis(950)))),
            new MessageStory.Notified(4, AT, BOB, TABLET, "displayed", false, List.of()));
  }

  @Test
  void theTextIsOneLineForEachThingThatHappened() throws Exception {
    assertThat(StoryText.text(MessageStory.find(log, "m2")))
        .isEqualTo(
            """
            message m2 in conversation %s
              2026-03-01T09:30:00.123Z  sip:alice@example.com sent it from %s (entry 2, message/cpim, 6 bytes)
              2026-03-01T09:30:00.135Z +12 ms  tel:+4930123456 sip:bob@192.0.2.7:5070;transport=tcp: has it
              2026-03-01T09:30:00.143Z +20 ms  sip:alice@example.com urn:uuid:tablet: was gone
              2026-03-01T09:30:01.023Z +900 ms  sip:alice@example.com urn:uuid:tablet: refused it with 415
              2026-03-01T09:30:00.123Z  tel:+4930123456 reports 'delivered' from sip:bob@192.0.2.7:5070;transport=tcp (entry 3, forwarded to the sender)
                2026-03-01T09:30:01.073Z +950 ms  sip:alice@example.com %s: has it
              2026-03-01T09:30:00.123Z  tel:+4930123456 reports 'displayed' from sip:bob@192.0.2.7:5070;transport=tcp (entry 4, not forwarded)
                no device has answered a copy
            """
                .formatted(CONVERSATION, PHONE.instance(), PHONE.instance()));
  }

  @Test
  void anIdThatTwoConversationsUsedHasTwoStories() throws Exception {
    Told.append(log, CONVERSATION, List.of(anotherWithId("m1")));

    assertThat(MessageStory.find(log, "m1"))
        .extracting(MessageStory::conversation)
        .containsExactlyInAnyOrder(OTHER, CONVERSATION);
  }

  @Test
  void anUnknownIdHasNone() throws Exception {
    assertThat(MessageStory.find(log, "nobody's")).isEmpty();
  }

  @Test
  void controlCharactersOfAnIdDoNotReachATerminal() throws Exception {
    Told.append(log, CONVERSATION, List.of(anotherWithId("m\u001b[31m\n")));

    assertThat(StoryText.text(MessageStory.find(log, "m\u001b[31m\n")))
        .startsWith("message m?[31m? in conversation ");
  }

  private static Entry.Message anotherWithId(String id) {
    return new Entry.Message(5, AT, ALICE, PHONE, id, "text/plain", new byte[0]);
  }

  private void answer(DeviceId device, long sequence, DeliveryOutcome outcome, long millis) {
    log.note(CONVERSATION, new Answer(device, sequence, outcome, AT.plusMillis(millis)));
  }
}
