package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static io.continuo.server.conversation.Stage.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nobody gets a byte from outside the time of taking part.
class AudienceTest {
  private final Stage stage = new Stage();
  private final PlayedDevice alice = stage.device(ALICE, "phone");
  private final PlayedDevice bob = stage.device(BOB, "phone");
  private final PlayedDevice carol = stage.device(CAROL, "phone");

  AudienceTest() {
    stage.tell(new ConversationEvent.Open(true, List.of(ALICE, BOB)));
    alice.attaches();
    bob.attaches();
  }

  private void joins(PlayedDevice device) {
    stage.tell(new ConversationEvent.Open(true, List.of(device.owner())));
  }

  @Test
  @Spec("wire: audience")
  void aNewParticipantSeesFromItsJoiningOn() {
    alice.sends("m1", "before");
    joins(carol);
    carol.attaches();
    alice.sends("m2", "after");
    assertThat(carol.texts()).containsExactly("after");
  }

  @Test
  void whoIsAttachedBeforeJoiningGetsNothing() {
    carol.attaches();
    alice.sends("m1", "before");
    assertThat(carol.received).isEmpty();
    assertThat(stage.conversation().owesTo(carol.id, CAROL)).isFalse();
  }

  @Test
  void whoLeftGetsNothingAfterIt() {
    stage.tell(new ConversationEvent.Leave(BOB));
    alice.sends("m1", "gone");
    assertThat(bob.received).isEmpty();
    assertThat(stage.conversation().participants()).containsExactly(ALICE);
    assertThat(stage.conversation().has(BOB)).isTrue();
  }

  @Test
  void whoLeftAndCameBackNeverSeesWhatWasSaidMeanwhile() {
    alice.sends("m1", "one");
    stage.tell(new ConversationEvent.Leave(BOB));
    alice.sends("m2", "two");
    joins(bob);
    alice.sends("m3", "three");
    assertThat(bob.texts()).containsExactly("one", "three");
  }

  @Test
  void whatWasMissedBeforeLeavingIsNotDeliveredAfterIt() {
    bob.detaches();
    alice.sends("m1", "one");
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isTrue();
    stage.tell(new ConversationEvent.Leave(BOB));
    bob.attaches();
    assertThat(bob.received).isEmpty();
    assertThat(stage.conversation().owesTo(bob.id, BOB)).isFalse();
  }

  @Test
  void whoDroppedGetsTheGap() {
    alice.sends("m1", "one");
    bob.detaches();
    alice.sends("m2", "two");
    bob.attaches();
    assertThat(bob.texts()).containsExactly("one", "two");
  }

  @Test
  void openingAgainWithTheSamePeopleChangesNothing() {
    int before = stage.disk.size();
    stage.tell(new ConversationEvent.Open(true, List.of(BOB, ALICE)));
    assertThat(stage.disk).hasSize(before);
  }

  @Test
  void aPendingJoiningIsReckonedWithAtOnce() {
    stage.storeHolds();
    joins(carol);
    assertThat(stage.conversation().participants()).contains(CAROL);
    PlayedDevice.Sent sent = carol.sends("m1", "hello");
    stage.storeCommits();
    assertThat(sent.results).containsExactly(new SubmitResult.Accepted());
  }

  @Test
  void theEndOfASessionIsLoggedAndEndsNoMembership() {
    stage.tell(new ConversationEvent.EndSession());
    assertThat(stage.disk.getLast()).isInstanceOf(Entry.SessionEnded.class);
    assertThat(stage.conversation().participants()).containsExactlyInAnyOrder(ALICE, BOB);
  }

  @Test
  void aConversationThatNeverBeganHasNoEnd() {
    Stage empty = new Stage();
    empty.tell(new ConversationEvent.EndSession());
    assertThat(empty.disk).isEmpty();
    assertThat(empty.conversation().isOpen()).isFalse();
  }
}
