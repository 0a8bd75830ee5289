package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.ConversationEffect.Counted;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// From a submission to every device that is to have it.
class FanOutTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice phone = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice tablet = stage.device(ALICE, "tablet").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone").attaches();
  private final PlayedDevice bobsDesk = stage.device(BOB, "desk").attaches();

  @Test
  void aMessageGoesToEveryDeviceButTheOneThatSentIt() {
    PlayedDevice.Sent sent = phone.sends("m1", "hi");

    assertThat(sent.results).containsExactly(new SubmitResult.Accepted());
    assertThat(tablet.texts()).containsExactly("hi");
    assertThat(bob.texts()).containsExactly("hi");
    assertThat(bobsDesk.texts()).containsExactly("hi");
    assertThat(phone.received).isEmpty();
    assertThat(stage.count(Counted.MESSAGE_ACCEPTED)).isEqualTo(1);
  }

  @Test
  void nothingIsAnsweredOrDeliveredBeforeItIsCommitted() {
    stage.storeHolds();
    PlayedDevice.Sent sent = phone.sends("m1", "hi");
    assertThat(sent.results).isEmpty();
    assertThat(bob.received).isEmpty();

    stage.storeCommits();
    assertThat(sent.results).containsExactly(new SubmitResult.Accepted());
    assertThat(bob.texts()).containsExactly("hi");
  }

  @Test
  void theSenderIsAnsweredBeforeTheCopiesGoOut() {
    stage.storeHolds();
    phone.sends("m1", "hi");
    int before = stage.effects.size();
    stage.storeCommits();

    List<? extends Class<?>> order =
        stage.effects.subList(before, stage.effects.size()).stream().map(Object::getClass).toList();
    assertThat(order.indexOf(ConversationEffect.Respond.class))
        .isLessThan(order.indexOf(ConversationEffect.Deliver.class));
  }

  @Test
  void everyCopyCarriesTheMessageIdOfTheMessage() {
    phone.sends("m1", "hi");
    assertThat(bob.received.getFirst().messageId()).isEqualTo("m1");
    assertThat(tablet.received.getFirst().messageId()).isEqualTo("m1");
  }

  @Test
  void aMessageWithoutAnIdGetsOneOfTheServer() {
    phone.sends("", "hi");
    assertThat(bob.received.getFirst().messageId()).isEqualTo("server-id-1");
    assertThat(bobsDesk.received.getFirst().messageId()).isEqualTo("server-id-1");
    assertThat(bob.received.getFirst().body().whole())
        .isEqualTo(PlayedDevice.cpim(PlayedDevice.ANONYMOUS, "", "hi"));
  }

  @Test
  void whoMaySeeAnEntryIsToldWithIt() {
    phone.sends("m1", "hi");
    ConversationEffect.Appended last = stage.appended.getLast();
    assertThat(last.audience()).isEqualTo(Set.of(ALICE, BOB));
    assertThat(last.entry()).isInstanceOf(Entry.Message.class);
  }

  @Test
  void aProbePassesBehindEverythingThatIsPending() {
    stage.storeHolds();
    phone.sends("m1", "hi");
    PlayedDevice.Sent probe = phone.probes();
    assertThat(probe.results).isEmpty();

    phone.sends("m2", "after the probe");
    stage.storeCommitsOne();
    assertThat(probe.results).containsExactly(new SubmitResult.Accepted());
    stage.storeCommits();
    assertThat(probe.results).hasSize(1);
  }

  @Test
  void aProbeWithNothingPendingIsAnsweredAtOnce() {
    assertThat(phone.probes().results).containsExactly(new SubmitResult.Accepted());
  }
}
