package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static io.continuo.server.conversation.Stage.CAROL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.ConversationEffect.Counted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A store that cannot write: nobody is told a lie, and the state is the committed one.
class StoreFailureTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice alice = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone").attaches();

  @Test
  void aFailedAppendFailsEveryPendingOne() {
    stage.storeHolds();
    PlayedDevice.Sent first = alice.sends("m1", "one");
    PlayedDevice.Sent second = bob.sends("m2", "two");
    stage.storeFailsOne();
    assertThat(first.results).containsExactly(new SubmitResult.Unavailable("disk full"));
    assertThat(second.results).containsExactly(new SubmitResult.Unavailable("disk full"));
    assertThat(bob.received).isEmpty();
    assertThat(stage.count(Counted.SUBMISSION_UNAVAILABLE)).isEqualTo(2);
  }

  @Test
  void untilTheStoreHasReportedOnAllOfThemNothingNewIsAppended() {
    stage.storeHolds();
    alice.sends("m1", "one");
    alice.sends("m2", "two");
    stage.storeFailsOne();
    assertThat(alice.sends("m3", "three").result()).isInstanceOf(SubmitResult.Unavailable.class);
    stage.storeFailsOne();
    PlayedDevice.Sent again = alice.sends("m3", "three");
    stage.storeCommits();
    assertThat(again.results).containsExactly(new SubmitResult.Accepted());
    assertThat(bob.texts()).containsExactly("three");
  }

  @Test
  void aFailedMessageIsNoDuplicateWhenItIsSentAgain() {
    stage.storeHolds();
    alice.sends("m1", "hi");
    stage.storeFails();
    PlayedDevice.Sent again = alice.sends("m1", "hi");
    stage.storeCommits();
    assertThat(again.results).containsExactly(new SubmitResult.Accepted());
    assertThat(bob.texts()).containsExactly("hi");
  }

  @Test
  void everybodyWhoWaitsForAFailedMessageIsTold() {
    stage.storeHolds();
    alice.sends("m1", "hi");
    PlayedDevice.Sent repeat = alice.sends("m1", "hi");
    PlayedDevice.Sent probe = bob.probes();
    stage.storeFails();
    assertThat(repeat.results).containsExactly(new SubmitResult.Unavailable("disk full"));
    assertThat(probe.results).containsExactly(new SubmitResult.Accepted());
  }

  @Test
  void aJoiningThatFailedNeverHappened() {
    stage.storeHolds();
    stage.tell(new ConversationEvent.Open(true, List.of(CAROL)));
    stage.storeFails();
    assertThat(stage.conversation().participants()).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(stage.conversation().has(CAROL)).isFalse();
    assertThat(stage.count(Counted.MEMBERSHIP_CHANGE_LOST)).isEqualTo(1);
  }

  @Test
  void anOpeningThatFailedMayBeSaidAgain() {
    Stage fresh = new Stage();
    fresh.storeHolds();
    fresh.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    fresh.storeFails();
    assertThat(fresh.conversation().isOpen()).isFalse();
    fresh.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    fresh.storeCommits();
    assertThat(fresh.conversation().isOpen()).isTrue();
  }

  @Test
  void anEarlierAppendThatIsStillUnderWayIsNotTakenAlong() {
    List<SubmitResult> results = new ArrayList<>();
    stage.storeHolds();
    PlayedDevice.Sent first = alice.sends("m1", "one");
    PlayedDevice.Sent second = alice.sends("m2", "two");
    stage.tell(new ConversationEvent.AppendFailed(3, "too much waiting"));
    stage.storeCommitsOne();
    results.addAll(first.results);
    results.addAll(second.results);
    assertThat(results)
        .containsExactly(
            new SubmitResult.Accepted(), new SubmitResult.Unavailable("too much waiting"));
  }

  @Test
  void whatTheStoreKeptAfterAllIsInTheLogAndNobodyIsAnsweredTwice() {
    stage.storeHolds();
    alice.sends("m1", "one");
    PlayedDevice.Sent second = alice.sends("m2", "two");
    stage.storeFailsOne();
    stage.storeCommitsOne();
    assertThat(second.results).hasSize(1);
    assertThat(bob.texts()).containsExactly("two");
    assertThat(alice.sends("m2", "two").result()).isEqualTo(new SubmitResult.Duplicate());
  }

  @Test
  void aCommitOutOfOrderIsOurOwnBug() {
    assertThatThrownBy(() -> stage.tell(new ConversationEvent.Committed(99)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whenTooMuchIsPendingASenderIsAskedToTryAgain() {
    stage.storeHolds();
    for (int i = 0; i < Pending.LIMIT; i++) {
      alice.sends("m" + i, "x");
    }
    assertThat(alice.sends("one more", "x").result()).isInstanceOf(SubmitResult.Unavailable.class);
    assertThat(stage.writing()).isEqualTo(Pending.LIMIT);
  }
}
