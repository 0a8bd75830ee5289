package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.conversation.ConversationEffect.Counted;
import java.time.Duration;
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
  @Spec("wire: interop contract")
  void aMessageThatIsNotToBeForkedGoesToTheSendersDevicesAllTheSame() {
    phone.sendsWithoutFork("m1", "hi");
    assertThat(tablet.texts()).containsExactly("hi");
    assertThat(bobsDesk.texts()).containsExactly("hi");
  }

  @Test
  @Spec("wire: interop contract")
  void unlessThePolicyWithholdsItThenTheyNeverGetIt() {
    Stage stage =
        new Stage(
            new ImdnSettings(
                ImdnSettings.Policy.FIRST_PER_SUBSCRIBER,
                ImdnSettings.OwnCopies.NAME_SENDER,
                ImdnSettings.NoForkCopies.WITHHOLD,
                Duration.ofDays(30)));
    stage.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    PlayedDevice phone = stage.device(ALICE, "phone").attaches();
    PlayedDevice tablet = stage.device(ALICE, "tablet").attaches();
    PlayedDevice bob = stage.device(BOB, "phone").attaches();
    PlayedDevice bobsDesk = stage.device(BOB, "desk").attaches();
    phone.sendsWithoutFork("m1", "for bob");
    phone.sends("m2", "for all");

    assertThat(bob.texts()).containsExactly("for bob", "for all");
    assertThat(bobsDesk.texts()).containsExactly("for bob", "for all");
    assertThat(tablet.texts()).containsExactly("for all");
    assertThat(stage.appended)
        .as("who is invited for each")
        .filteredOn(each -> each.entry() instanceof Entry.Message)
        .extracting(ConversationEffect.Appended::audience)
        .containsExactly(Set.of(BOB), Set.of(ALICE, BOB));
    bob.reports("delivered", "m1");
    assertThat(phone.texts()).containsExactly("delivered of m1");

    stage.restarts();
    PlayedDevice late = stage.device(ALICE, "laptop").attaches();
    assertThat(late.texts()).containsExactly("for all", "delivered of m1");
    assertThat(stage.conversation().owesTo(late.id, ALICE)).isFalse();
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
