package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.ConversationEffect.Counted;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A device's place in the log: never a gap, never twice, always in order.
class CursorTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice alice = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone");

  private static LegProfile window(int window) {
    return new LegProfile(List.of("*"), List.of(), Long.MAX_VALUE, window);
  }

  private void says(int from, int to) {
    IntStream.rangeClosed(from, to).forEach(n -> alice.sends("m" + n, "t" + n));
  }

  private static List<String> texts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(n -> "t" + n).toList();
  }

  @Test
  void aFullWindowHoldsBackTheRest() {
    bob.staysSilent().attaches(window(2));
    says(1, 5);
    assertThat(bob.texts()).isEqualTo(texts(1, 2));
    bob.answers(bob.received.getFirst());
    assertThat(bob.texts()).isEqualTo(texts(1, 3));
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void aDeviceOnHoldGetsNothingUntilItTakesMessagesAgain() {
    PlayedDevice tablet = stage.device(BOB, "tablet").attaches();
    bob.staysSilent().attaches();
    says(1, 2);
    bob.directs(false);
    says(3, 4);
    alice.submits(
        "application/im-iscomposing+xml",
        "<isComposing><state>idle</state></isComposing>".getBytes(UTF_8));
    bob.answers(bob.received.getFirst());
    assertThat(bob.texts()).as("what was sent before may be answered").isEqualTo(texts(1, 2));
    assertThat(bob.relayed).isEmpty();
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isTrue();
    assertThat(tablet.texts()).as("nobody else is held up").isEqualTo(texts(1, 4));

    bob.directs(true);
    assertThat(bob.texts()).isEqualTo(texts(1, 4));
    says(5, 5);
    assertThat(bob.texts()).isEqualTo(texts(1, 5));
  }

  @Test
  @Spec("RFC 3264 §5.1")
  void aDeviceThatComesOnHoldWaitsFromTheBeginning() {
    says(1, 500);
    bob.attaches(new LegProfile(List.of("*"), List.of(), Long.MAX_VALUE, 7, false));
    says(501, 501);
    assertThat(bob.received).isEmpty();
    assertThat(stage.readings).as("nothing is read for it").isZero();

    bob.directs(true);
    assertThat(bob.texts()).isEqualTo(texts(1, 501));
  }

  @Test
  void whatWasNotAnsweredBeforeTheLegWentIsSentAgain() {
    bob.staysSilent().attaches(window(3));
    says(1, 3);
    bob.answers(bob.received.get(1));
    bob.detaches();
    bob.answersAgain().attaches();
    assertThat(bob.texts()).containsExactly("t1", "t2", "t3", "t1", "t3");
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isFalse();
  }

  @Test
  void anAnswerOnAnOlderLegIsIgnoredAndCounted() {
    bob.staysSilent().attaches();
    says(1, 1);
    ConversationEffect.Deliver old = bob.received.getFirst();
    bob.attaches();
    bob.answers(old);
    assertThat(stage.count(Counted.STALE_ANSWER)).isEqualTo(1);
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isTrue();
  }

  @Test
  void aSecondAnswerToOneDeliveryIsStale() {
    bob.attaches();
    says(1, 1);
    bob.answers(bob.received.getFirst());
    assertThat(stage.count(Counted.STALE_ANSWER)).isEqualTo(1);
    assertThat(stage.disk.stream().filter(Answer.class::isInstance)).hasSize(1);
  }

  @Test
  void anUnreachableDeviceKeepsItsPlaceAndLosesItsLeg() {
    bob.answersWith(new DeliveryOutcome.Unreachable(408)).attaches();
    says(1, 2);
    assertThat(bob.texts()).containsExactly("t1");
    bob.answersWith(new DeliveryOutcome.Delivered()).attaches();
    assertThat(bob.texts()).containsExactly("t1", "t1", "t2");
  }

  @Test
  void aRefusalIsFinalForThatDevice() {
    bob.answersWith(new DeliveryOutcome.Refused(415)).attaches();
    says(1, 2);
    assertThat(bob.texts()).containsExactly("t1", "t2");
    assertThat(stage.count(Counted.COPY_REFUSED_BY_DEVICE)).isEqualTo(2);
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isFalse();
  }

  @Test
  void everyFinalAnswerIsNoted() {
    bob.attaches();
    says(1, 1);
    Answer answer = (Answer) stage.disk.getLast();
    assertThat(answer.device()).isEqualTo(bob.id);
    assertThat(answer.sequence()).isEqualTo(2);
    assertThat(answer.outcome()).isEqualTo(new DeliveryOutcome.Delivered());
  }

  @Test
  void aDeviceFarBehindReadsFromTheStoreAndMeetsTheLiveOnes() {
    says(1, 500);
    bob.attaches(window(7));
    says(501, 510);
    assertThat(bob.texts()).isEqualTo(texts(1, 510));
    assertThat(stage.readings).isPositive();
  }

  @Test
  void liveMessagesWhileADeviceCatchesUpKeepTheirOrder() {
    says(1, 400);
    bob.staysSilent().attaches(window(5));
    int next = 401;
    for (int i = 0; i < bob.received.size(); i++) {
      bob.answers(bob.received.get(i));
      if (next <= 600) {
        says(next, next);
        next++;
      }
    }
    assertThat(bob.texts()).isEqualTo(texts(1, 600));
  }

  @Test
  void aLegAttachedAnewUnderItsOwnIdLeavesNoGap() {
    says(1, 400);
    bob.staysSilent().attaches(window(3));
    bob.attachesAnew(window(3));
    bob.answersAgain();
    for (ConversationEffect.Deliver each : List.copyOf(bob.received.subList(3, 6))) {
      bob.answers(each);
    }
    assertThat(bob.texts().subList(3, bob.received.size())).isEqualTo(texts(1, 400));
  }

  @Test
  void aReadingFromBeforeTheLegWasAttachedAnewIsNotTakenForTheNewOne() {
    says(1, 400);
    Conversation conversation = stage.conversation();
    io.continuo.server.identity.LegId leg = new io.continuo.server.identity.LegId("by-hand");
    java.time.Instant now = java.time.Instant.EPOCH;
    var attach = new ConversationEvent.Attach(bob.id, leg, window(1));
    assertThat(conversation.on(attach, now)).containsExactly(new ConversationEffect.Read(leg, 1));
    assertThat(conversation.on(attach, now)).containsExactly(new ConversationEffect.Read(leg, 1));
    Entry later =
        stage.disk.stream()
            .filter(Entry.class::isInstance)
            .map(Entry.class::cast)
            .filter(e -> e.sequence() == 50)
            .findFirst()
            .orElseThrow();
    var stray = new ConversationEvent.ReadBack(leg, 50, List.of(later));
    assertThat(conversation.on(stray, now)).isEmpty();
  }

  @Test
  void aReadingThatFailedIsTriedAgainWithTheNextCommit() {
    says(1, 400);
    stage.readingFails(true);
    bob.attaches();
    assertThat(bob.received).isEmpty();
    stage.readingFails(false);
    says(401, 401);
    assertThat(bob.texts()).isEqualTo(texts(1, 401));
  }

  @Test
  void oneSlowDeviceSlowsNobodyElse() {
    PlayedDevice tablet = stage.device(ALICE, "tablet").attaches();
    bob.staysSilent().attaches(window(1));
    says(1, 50);
    assertThat(bob.received).hasSize(1);
    assertThat(tablet.received).hasSize(50);
  }

  @Test
  void lagIsHowFarADeviceIsBehindWhatItIsToGet() {
    says(1, 3);
    assertThat(stage.conversation().lag(bob.id)).isEqualTo(4);
    assertThat(stage.conversation().lag(alice.id)).isZero();
    bob.attaches();
    assertThat(stage.conversation().lag(bob.id)).isZero();
    assertThat(stage.conversation().stats().lag()).containsEntry(bob.id, 0L);
  }

  @Test
  void aDeviceIsOwedWhatItsSiblingSaidButNotWhatItSaid() {
    says(1, 1);
    assertThat(stage.conversation().owesTo(alice.id, ALICE)).isFalse();
    assertThat(stage.conversation().owesTo(stage.device(ALICE, "tablet").id, ALICE)).isTrue();
  }

  // Restart

  @Test
  void afterARestartADeviceGoesOnWhereItWas() {
    bob.attaches();
    says(1, 2);
    bob.detaches();
    says(3, 4);
    stage.restarts();
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isTrue();
    bob.attaches();
    assertThat(bob.texts()).isEqualTo(texts(1, 4));
  }

  @Test
  void anAnswerThatTheCrashTookMeansThatEntryOnceMore() {
    bob.attaches();
    says(1, 3);
    LogRecord lost =
        stage.disk.stream()
            .filter(r -> r instanceof Answer a && a.sequence() == 3)
            .findFirst()
            .orElseThrow();
    stage.disk.remove(lost);
    stage.restarts();
    bob.attaches();
    assertThat(bob.texts()).containsExactly("t1", "t2", "t3", "t2");
  }

  @Test
  void whatWasNotCommittedIsGoneAfterARestart() {
    bob.attaches();
    stage.storeHolds();
    PlayedDevice.Sent sent = alice.sends("m1", "t1");
    stage.restarts();
    assertThat(sent.results).isEmpty();
    bob.attaches();
    assertThat(bob.received).isEmpty();
    assertThat(alice.sends("m1", "t1").result()).isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  void aReplayIsByteIdentical() {
    PlayedDevice plain = stage.device(ALICE, "plain");
    bob.staysSilent().attaches();
    plain.sendsPlain("hi");
    stage.restarts();
    bob.attaches();
    assertThat(bob.received).hasSize(2);
    assertThat(bob.received.get(1).body().whole()).isEqualTo(bob.received.get(0).body().whole());
    assertThat(bob.received.get(1).messageId()).isEqualTo(bob.received.get(0).messageId());
  }
}
