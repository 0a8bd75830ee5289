package io.continuo.server.conversation;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.TABLET;
import static io.continuo.server.conversation.LogSamples.anonymousEntries;
import static io.continuo.server.conversation.LogSamples.entriesForOthersOnly;
import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.everyKindOfNote;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What every conversation log does, whatever it is kept in.
public interface ConversationLogContract {

  /// An empty log; closed by whoever made it.
  ConversationLog log();

  @Test
  default void everyRecordComesBackAsItWasGiven() throws Exception {
    List<LogRecord> given = new ArrayList<>(everyKindOfEntry());
    given.addAll(everyKindOfNote(3));
    Told.append(log(), CONVERSATION, everyKindOfEntry());
    everyKindOfNote(3).forEach(told -> log().note(CONVERSATION, told));

    assertThat(texts(log().load(CONVERSATION))).isEqualTo(texts(given));
    assertThat(texts(log().read(CONVERSATION, 1, 100, Long.MAX_VALUE)))
        .isEqualTo(texts(everyKindOfEntry()));
  }

  @Test
  default void whoIsAnonymousStaysSo() throws Exception {
    Told.append(log(), CONVERSATION, anonymousEntries());

    assertThat(texts(log().load(CONVERSATION))).isEqualTo(texts(anonymousEntries()));
  }

  @Test
  default void whatIsForOthersOnlyStaysSo() throws Exception {
    Told.append(log(), CONVERSATION, entriesForOthersOnly());

    assertThat(texts(log().load(CONVERSATION))).isEqualTo(texts(entriesForOthersOnly()));
    assertThat(log().load(CONVERSATION))
        .extracting(entry -> ((Entry.Message) entry).forOthersOnly())
        .containsExactly(true, true, false);
  }

  @Test
  default void entriesAndAnswersKeepTheirOrder() throws Exception {
    Answer first = new Answer(PHONE, 1, new DeliveryOutcome.Delivered(), AT);
    Answer second = new Answer(TABLET, 2, new DeliveryOutcome.Refused(403), AT);
    Told.append(log(), CONVERSATION, List.of(message(1, "one")));
    log().note(CONVERSATION, first);
    Told.append(log(), CONVERSATION, List.of(message(2, "two")));
    log().note(CONVERSATION, second);
    Told.append(log(), CONVERSATION, List.of(message(3, "three")));

    assertThat(texts(log().load(CONVERSATION)))
        .isEqualTo(
            texts(
                List.of(message(1, "one"), first, message(2, "two"), second, message(3, "three"))));
  }

  @Test
  default void listenersAreToldInAppendOrder() {
    List<Object> order = new CopyOnWriteArrayList<>();
    List<Told> told = new ArrayList<>();
    for (long sequence = 1; sequence <= 500; sequence++) {
      told.add(new Told(order, sequence));
      log().append(CONVERSATION, message(sequence, "x"), told.getLast());
    }
    told.forEach(Told::awaitCommitted);

    assertThat(order).isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
  }

  @Test
  default void anEntryThatIsNotTheNextOneIsRefusedAndLeavesNothing() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "one")));
    Told again = new Told();
    Told ahead = new Told();
    log().append(CONVERSATION, message(1, "again"), again);
    log().append(CONVERSATION, message(3, "ahead"), ahead);
    again.awaitFailed();
    ahead.awaitFailed();
    Told.append(log(), CONVERSATION, List.of(message(2, "two")));

    assertThat(texts(log().load(CONVERSATION)))
        .isEqualTo(texts(List.of(message(1, "one"), message(2, "two"))));
  }

  @Test
  default void readingBeginsAtTheSequenceNumberAskedFor() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "a"), message(2, "b"), message(3, "c")));

    assertThat(sequences(log().read(CONVERSATION, 2, 100, 1000))).containsExactly(2L, 3L);
    assertThat(sequences(log().read(CONVERSATION, 0, 100, 1000))).containsExactly(1L, 2L, 3L);
    assertThat(log().read(CONVERSATION, 4, 100, 1000)).isEmpty();
  }

  @Test
  default void readingStopsAtTheNumberOfEntries() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "a"), message(2, "b"), message(3, "c")));

    assertThat(sequences(log().read(CONVERSATION, 1, 2, 1000))).containsExactly(1L, 2L);
  }

  @Test
  default void readingStopsAtTheBytesOfBodiesButGivesTheFirstEntryAlways() throws Exception {
    Told.append(
        log(), CONVERSATION, List.of(message(1, "12345"), message(2, "123"), message(3, "12")));

    assertThat(sequences(log().read(CONVERSATION, 1, 100, 8))).containsExactly(1L, 2L);
    assertThat(sequences(log().read(CONVERSATION, 1, 100, 7))).containsExactly(1L);
    assertThat(sequences(log().read(CONVERSATION, 1, 100, 1))).containsExactly(1L);
  }

  @Test
  default void anUnknownConversationIsEmpty() throws Exception {
    assertThat(log().load(OTHER)).isEmpty();
    assertThat(log().read(OTHER, 1, 10, 10)).isEmpty();
    assertThat(log().conversations()).isEmpty();
  }

  @Test
  default void conversationsAreKeptApart() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "here")));
    Told.append(log(), OTHER, List.of(message(1, "there")));

    assertThat(log().conversations()).containsExactly(CONVERSATION, OTHER);
    assertThat(texts(log().load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "here"))));
    assertThat(texts(log().load(OTHER))).isEqualTo(texts(List.of(message(1, "there"))));
  }

  @Test
  default void anErasedConversationIsNotFoundAndMayBeginAgain() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "old"), message(2, "older")));
    Told.append(log(), OTHER, List.of(message(1, "stays")));
    log().erase(CONVERSATION);

    assertThat(log().load(CONVERSATION)).isEmpty();
    assertThat(log().conversations()).containsExactly(OTHER);
    Told.append(log(), CONVERSATION, List.of(message(1, "new")));
    assertThat(texts(log().load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "new"))));
  }

  @Test
  default void aLateAnswerDoesNotBringAnErasedConversationBack() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "old")));
    log().erase(CONVERSATION);
    log().note(CONVERSATION, new Answer(TABLET, 1, new DeliveryOutcome.Delivered(), AT));

    assertThat(log().load(CONVERSATION)).isEmpty();
    assertThat(log().conversations()).isEmpty();
  }

  @Test
  default void aMessageIsFoundByItsIdInEveryConversationThatHasIt() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "one"), message(2, "two")));
    Told.append(log(), OTHER, List.of(message(1, "also m1")));

    assertThat(log().conversationsWith("m1")).containsExactlyInAnyOrder(CONVERSATION, OTHER);
    assertThat(log().conversationsWith("m2")).containsExactly(CONVERSATION);
    assertThat(log().conversationsWith("m3")).isEmpty();
    log().erase(CONVERSATION);
    assertThat(log().conversationsWith("m1")).containsExactly(OTHER);
    assertThat(log().conversationsWith("m2")).isEmpty();
  }

  @Test
  default void everybodyWhoWasEverLetInIsNamedOnceInTheOrderOfJoining() throws Exception {
    assertThat(log().everybody(CONVERSATION)).isEmpty();
    AddressOfRecord carol = AddressOfRecord.of("sip:carol@example.net");
    Told.append(
        log(),
        CONVERSATION,
        List.of(
            new Entry.Opened(1, AT, true, List.of(BOB, ALICE)),
            message(2, "hi"),
            new Entry.Joined(3, AT, carol),
            new Entry.Left(4, AT, BOB),
            new Entry.Joined(5, AT, BOB)));

    assertThat(log().everybody(CONVERSATION)).containsExactly(BOB, ALICE, carol);
    log().erase(CONVERSATION);
    assertThat(log().everybody(CONVERSATION)).isEmpty();
  }

  @Test
  default void conversationsThatSomebodyJoinedComeTheNewestJoinFirst() throws Exception {
    ConversationId never = ConversationId.group(new UUID(0, 7));
    Told.append(log(), never, List.of(new Entry.Opened(1, AT, true, List.of(ALICE))));
    for (ConversationId each : List.of(OTHER, CONVERSATION)) {
      Told.append(log(), each, List.of(new Entry.Opened(1, AT, true, List.of(ALICE))));
      Told.append(log(), each, List.of(new Entry.Joined(2, AT, BOB), message(3, "hi")));
    }

    assertThat(log().joinedLast(9)).containsExactly(CONVERSATION, OTHER);
    assertThat(log().joinedLast(1)).containsExactly(CONVERSATION);
    log().erase(CONVERSATION);
    assertThat(log().joinedLast(9)).containsExactly(OTHER);
  }

  @Test
  default void aDeviceMayBeOwedSomethingUnlessTheNewestIsSettled() throws Exception {
    assertThat(log().mayOwe(CONVERSATION, TABLET)).isFalse();
    Told.append(log(), CONVERSATION, List.of(message(1, "one"), message(2, "two")));
    assertThat(log().mayOwe(CONVERSATION, TABLET)).isTrue();

    note(new Settled(TABLET, 2, AT));
    assertThat(log().mayOwe(CONVERSATION, TABLET)).isFalse();
    assertThat(log().mayOwe(CONVERSATION, PHONE)).isTrue();
    Told.append(log(), CONVERSATION, List.of(new Entry.SessionEnded(3, AT)));
    assertThat(log().mayOwe(CONVERSATION, TABLET)).isFalse();
    Told.append(log(), CONVERSATION, List.of(message(4, "news")));
    assertThat(log().mayOwe(CONVERSATION, TABLET)).isTrue();
  }

  @Test
  default void aForgottenDeviceMayBeOwedEverything() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "one")));
    note(new Settled(TABLET, 1, AT));
    note(new Forgotten(TABLET, AT));

    assertThat(log().mayOwe(CONVERSATION, TABLET)).isTrue();
  }

  @Test
  default void whatWasSettledIsErasedWithTheConversation() throws Exception {
    Told.append(log(), CONVERSATION, List.of(message(1, "one")));
    note(new Settled(TABLET, 1, AT));
    log().erase(CONVERSATION);
    Told.append(log(), CONVERSATION, List.of(message(1, "a new beginning")));

    assertThat(log().mayOwe(CONVERSATION, TABLET)).isTrue();
  }

  /// Notes this, and returns when it is in the log.
  private void note(CursorRecord told) throws StoreUnavailable {
    log().note(CONVERSATION, told);
    log().load(CONVERSATION);
  }

  @Test
  default void afterClosingNothingIsTakenIn() {
    log().close();
    Told late = new Told();
    log().append(CONVERSATION, message(1, "late"), late);

    assertThat(late.awaitFailed()).hasMessageContaining("closed");
    assertThatThrownBy(() -> log().erase(CONVERSATION)).isInstanceOf(StoreUnavailable.class);
  }

  private static List<Long> sequences(List<Entry> entries) {
    return entries.stream().map(Entry::sequence).toList();
  }
}
