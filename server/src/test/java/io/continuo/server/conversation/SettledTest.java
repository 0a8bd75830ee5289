package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What the log is told of the places of devices that are gone: up to date, or forgotten.
class SettledTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice alice = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone");

  @Test
  void aDeviceThatGoesUpToDateIsSettledUpToTheNewestEntry() {
    bob.attaches();
    alice.sends("m1", "one");
    bob.detaches();

    assertThat(settled(bob)).containsExactly(2L);
  }

  @Test
  void itIsSettledAgainOnlyWhenSomethingCameBetween() {
    bob.attaches();
    alice.sends("m1", "one");
    bob.detaches();
    bob.attaches();
    bob.detaches();
    assertThat(settled(bob)).containsExactly(2L);
    stage.restarts();
    bob.attaches();
    bob.detaches();
    assertThat(settled(bob)).containsExactly(2L);

    bob.attaches();
    alice.attaches();
    alice.sends("m2", "two");
    bob.detaches();
    assertThat(settled(bob)).containsExactly(2L, 3L);
  }

  @Test
  void aDeviceThatIsOwedSomethingIsNotSettled() {
    bob.staysSilent().attaches();
    alice.sends("m1", "one");
    bob.detaches();

    assertThat(settled(bob)).isEmpty();
  }

  @Test
  void whoLeftIsNotSettledAndStillGetsOnReturnWhatWasSaidBeforeLeaving() {
    bob.staysSilent().attaches();
    alice.sends("m1", "before");
    stage.tell(new ConversationEvent.Leave(BOB));
    bob.detaches();
    assertThat(settled(bob)).isEmpty();

    stage.restarts();
    stage.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    bob.answersAgain().received.clear();
    bob.attaches();
    assertThat(bob.texts()).containsExactly("before");
  }

  @Test
  void whatIsSettledIsNotSentAgainWhenTheAnswersWereLost() {
    bob.attaches();
    alice.sends("m1", "one");
    bob.detaches();
    stage.disk.removeIf(Answer.class::isInstance);
    stage.restarts();
    bob.received.clear();
    bob.attaches();
    alice.attaches();
    alice.sends("m2", "two");

    assertThat(bob.texts()).containsExactly("two");
  }

  @Test
  void aForgottenDeviceHasNoCursorAndNoLag() {
    bob.attaches();
    bob.detaches();
    alice.sends("m1", "one");
    assertThat(stage.conversation().stats().lag()).containsKey(bob.id);

    stage.tell(new ConversationEvent.Forget(bob.id));
    assertThat(stage.conversation().stats().lag()).doesNotContainKey(bob.id);
    stage.restarts();
    assertThat(stage.conversation().stats().lag()).doesNotContainKey(bob.id);
  }

  @Test
  void aForgottenDeviceThatComesBackIsBroughtUpToDateLikeANewOne() {
    bob.attaches();
    alice.sends("m1", "one");
    bob.detaches();
    stage.tell(new ConversationEvent.Forget(bob.id));
    stage.restarts();
    bob.received.clear();
    bob.attaches();
    assertThat(bob.texts()).containsExactly("one");

    stage.restarts();
    bob.received.clear();
    bob.attaches();
    assertThat(bob.texts()).isEmpty();
  }

  @Test
  void forgettingTwiceOrWhatIsNotKnownChangesNothing() {
    bob.attaches();
    bob.detaches();
    stage.tell(new ConversationEvent.Forget(bob.id));
    int written = stage.disk.size();
    stage.tell(new ConversationEvent.Forget(bob.id));
    stage.tell(new ConversationEvent.Forget(stage.device(BOB, "never seen").id));

    assertThat(stage.disk).hasSize(written);
  }

  @Test
  void aDeviceThatIsHereIsNotForgotten() {
    bob.attaches();
    stage.tell(new ConversationEvent.Forget(bob.id));
    alice.sends("m1", "one");

    assertThat(bob.texts()).containsExactly("one");
    assertThat(stage.disk).noneMatch(Forgotten.class::isInstance);
  }

  private List<Long> settled(PlayedDevice device) {
    return stage.disk.stream()
        .filter(Settled.class::isInstance)
        .map(Settled.class::cast)
        .filter(each -> each.device().equals(device.id))
        .map(Settled::sequence)
        .toList();
  }
}
