package io.continuo.server.conversation;

import static io.continuo.server.conversation.PlayedDevice.RCS;
import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static io.continuo.server.conversation.Stage.CAROL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.imdn.Imdn;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.PlayedDevice.Sent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Receipts: figure 4 of the seed, and where they must not go.
class DispositionTest {
  private final Stage stage = Stage.group();
  private final PlayedDevice a1 = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice a2 = stage.device(ALICE, "tablet").attaches();
  private final PlayedDevice b1 = stage.device(BOB, "phone").attaches();
  private final PlayedDevice b2 = stage.device(BOB, "desk").attaches();
  private final PlayedDevice c1 = stage.device(CAROL, "phone").attaches();

  private static final SubmitResult ACCEPTED = new SubmitResult.Accepted();

  @Test
  @Spec("RFC 5438 §8.3")
  @Spec("wire: CPIM and IMDN")
  void aReceiptGoesToAllDevicesOfTheSenderAndTheReportersSiblingsOnly() {
    a1.sends("m1", "hi");
    assertThat(b1.reports("delivered", "m1").result()).isEqualTo(ACCEPTED);

    assertThat(a1.texts()).containsExactly("delivered of m1");
    assertThat(a2.texts()).containsExactly("hi", "delivered of m1");
    assertThat(b2.texts()).containsExactly("hi", "delivered of m1");
    assertThat(b1.texts()).containsExactly("hi");
    assertThat(c1.texts()).containsExactly("hi");
  }

  @Test
  void aReceiptOfASubscriberWithOneDeviceGoesToTheSenderOnly() {
    a1.sends("m1", "hi");
    c1.reports("delivered", "m1");
    assertThat(a1.texts()).containsExactly("delivered of m1");
    assertThat(b1.texts()).containsExactly("hi");
    assertThat(c1.texts()).containsExactly("hi");
  }

  @Test
  void theSenderIsToldOnceWhenSeveralDevicesOfOneSubscriberReport() {
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    assertThat(b2.reports("delivered", "m1").result()).isEqualTo(ACCEPTED);
    c1.reports("delivered", "m1");

    assertThat(a1.texts()).containsExactly("delivered of m1", "delivered of m1");
    assertThat(b1.texts()).containsExactly("hi");
    assertThat(stage.count(Counted.DISPOSITION_NOT_FORWARDED)).isEqualTo(1);
    assertThat(dispositions()).hasSize(3);
  }

  @Test
  void theSecondReportIsKnownAsSuchWhileTheFirstIsPending() {
    a1.sends("m1", "hi");
    stage.storeHolds();
    b1.reports("delivered", "m1");
    b2.reports("delivered", "m1");
    stage.storeCommits();
    assertThat(a1.texts()).containsExactly("delivered of m1");
  }

  @Test
  void theSecondReportIsKnownAsSuchAfterARestart() {
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    stage.restarts();
    a1.attaches();
    b2.reports("delivered", "m1");
    assertThat(a1.texts()).containsExactly("delivered of m1");
  }

  @Test
  void everyDeviceIsReportedWhenThePolicySaysSo() {
    ImdnSettings every =
        new ImdnSettings(
            ImdnSettings.Policy.EVERY_DEVICE,
            ImdnSettings.OwnCopies.NAME_SENDER,
            Duration.ofDays(30));
    Stage other = new Stage(every);
    other.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    PlayedDevice alice = other.device(ALICE, "phone").attaches();
    alice.sends("m1", "hi");
    other.device(BOB, "phone").reports("delivered", "m1");
    other.device(BOB, "desk").reports("delivered", "m1");
    assertThat(alice.texts()).containsExactly("delivered of m1", "delivered of m1");
  }

  @Test
  @Spec("RFC 5438 §7.2.1.1")
  void displayedIsAnotherDispositionThanDelivered() {
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    b2.reports("displayed", "m1");
    assertThat(a1.texts()).containsExactly("delivered of m1", "displayed of m1");
  }

  @Test
  @Spec("RFC 5438 §5")
  void refusalsErrorsAndUnknownDispositionsAreAllRelayed() {
    a1.sends("m1", "hi");
    b1.reports("failed", "m1");
    b2.reports("failed", "m1");
    b1.reports("forbidden", "m1");
    b1.reports("error", "m1");
    b1.reports("deleted", "m1");
    b1.reports("processed", "m1");
    assertThat(a1.texts())
        .containsExactly(
            "failed of m1",
            "failed of m1",
            "forbidden of m1",
            "error of m1",
            "deleted of m1",
            "processed of m1");
  }

  @Test
  @Spec("RFC 5438 §9")
  void aReceiptIsMatchedByMessageIdWhateverAddressesItNames() {
    a1.sends("m1", "hi");
    c1.sends("m2", "ho");
    Imdn imdn =
        new Imdn(
            "m1",
            Optional.empty(),
            Optional.of("sip%3Aanybody@elsewhere.example"),
            Optional.empty(),
            Imdn.Notification.DELIVERY,
            "delivered");
    b1.submits(
        "message/cpim", Stage.cpim(BOB.uri(), CAROL.uri(), "", "message/imdn+xml", imdn.toXml()));
    assertThat(a1.texts()).containsExactly("ho", "delivered of m1");
    assertThat(c1.texts()).containsExactly("hi");
  }

  @Test
  void aReceiptForAnUnknownMessageIsDroppedCountedAndAnswered() {
    assertThat(b1.reports("delivered", "nobody's").result()).isEqualTo(ACCEPTED);
    assertThat(stage.count(Counted.DISPOSITION_DROPPED_UNKNOWN_MESSAGE)).isEqualTo(1);
    assertThat(dispositions()).isEmpty();
  }

  @Test
  @Spec("RFC 5438 §8.3")
  void thereIsNoReceiptForAReceipt() {
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1", "r1");
    a1.reports("delivered", "r1");
    assertThat(stage.count(Counted.DISPOSITION_DROPPED_UNKNOWN_MESSAGE)).isEqualTo(1);
    assertThat(b1.texts()).containsExactly("hi");
  }

  @Test
  void aReceiptOfSomebodyWhoCannotHaveSeenTheMessageIsDropped() {
    Stage group = new Stage();
    group.tell(new ConversationEvent.Open(true, List.of(ALICE, BOB)));
    PlayedDevice alice = group.device(ALICE, "phone").attaches();
    alice.sends("m1", "hi");
    group.tell(new ConversationEvent.Open(true, List.of(CAROL)));
    assertThat(group.device(CAROL, "phone").reports("delivered", "m1").result())
        .isEqualTo(ACCEPTED);
    assertThat(group.count(Counted.DISPOSITION_DROPPED_NOT_IN_AUDIENCE)).isEqualTo(1);
    assertThat(alice.received).isEmpty();
  }

  @Test
  void whoLeftMayReportOnWhatItSawAndOnNothingElse() {
    a1.sends("m1", "hi");
    stage.tell(new ConversationEvent.Leave(CAROL));
    a1.sends("m2", "without carol");
    assertThat(c1.reports("displayed", "m2").result()).isEqualTo(ACCEPTED);
    assertThat(stage.count(Counted.DISPOSITION_DROPPED_NOT_IN_AUDIENCE)).isEqualTo(1);
    assertThat(a1.received).isEmpty();

    assertThat(c1.reports("displayed", "m1").result()).isEqualTo(ACCEPTED);
    assertThat(a1.texts()).containsExactly("displayed of m1");
  }

  @Test
  void aReceiptOfTheSendersOwnSiblingIsRecordedAndGoesNowhere() {
    a1.sends("m1", "hi");
    assertThat(a2.reports("delivered", "m1").result()).isEqualTo(ACCEPTED);
    assertThat(a1.received).isEmpty();
    assertThat(b1.texts()).containsExactly("hi");
    assertThat(dispositions()).hasSize(1);
    assertThat(dispositions().getFirst().forwarded()).isFalse();
  }

  @Test
  void theSameReportOfOneDeviceAgainIsADuplicate() {
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    assertThat(b1.reports("delivered", "m1").result()).isEqualTo(new SubmitResult.Duplicate());
    assertThat(dispositions()).hasSize(1);
  }

  @Test
  void aReceiptThatComesBackAfterALossIsRecognisedByItsOwnId() {
    a1.sends("m1", "hi");
    b1.reports("failed", "m1", "r1");
    assertThat(b1.reports("failed", "m1", "r1").result()).isEqualTo(new SubmitResult.Duplicate());
    assertThat(a1.texts()).containsExactly("failed of m1");
  }

  @Test
  void aReceiptNeverOvertakesItsMessage() {
    PlayedDevice late = stage.device(ALICE, "late");
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    a1.sends("m2", "ho");
    late.attaches(new LegProfile(List.of("*"), List.of(), Long.MAX_VALUE, 1));
    assertThat(late.texts()).containsExactly("hi", "delivered of m1", "ho");
  }

  @Test
  void aReceiptIsRoutedAfterARestartAndForAsLongAsItIsRemembered() {
    a1.sends("m1", "hi");
    stage.restarts();
    stage.pass(Duration.ofDays(29));
    a1.attaches();
    b1.reports("displayed", "m1");
    assertThat(a1.texts()).containsExactly("displayed of m1");

    stage.pass(Duration.ofDays(2));
    c1.reports("displayed", "m1");
    assertThat(stage.count(Counted.DISPOSITION_DROPPED_UNKNOWN_MESSAGE)).isEqualTo(1);
  }

  @Test
  void aLegThatTakesNoReceiptsIsPassedOverAndGoesOn() {
    PlayedDevice textOnly = stage.device(ALICE, "old");
    textOnly.attaches(
        new LegProfile(List.of("message/cpim"), List.of("text/plain"), Long.MAX_VALUE, 1));
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    a1.sends("m2", "ho");
    assertThat(textOnly.texts()).containsExactly("hi", "ho");
    assertThat(stage.count(Counted.COPY_REFUSED_BY_DEVICE)).isZero();
    assertThat(stage.conversation().owesTo(textOnly.id, ALICE)).isFalse();
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void aReceiptIsUnwrappedForALegThatTakesItBareAndHasNoCpim() {
    PlayedDevice bare = stage.device(ALICE, "old");
    bare.attaches(takes("text/plain", "message/imdn+xml"));
    a1.sends("m1", "hi");
    b1.reports("delivered", "m1");
    assertThat(bare.received.getLast().contentType()).isEqualTo("message/imdn+xml");
    assertThat(new String(bare.received.getLast().body().whole(), UTF_8)).contains("<delivered");
  }

  @Test
  void aBareReceiptIsWrapped() {
    a1.sends("m1", "hi");
    byte[] imdn =
        "<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>m1</message-id><delivery-notification><status><delivered/></status></delivery-notification></imdn>"
            .getBytes(UTF_8);
    b1.submits("message/imdn+xml", imdn);
    assertThat(a1.texts()).containsExactly("delivered of m1");
    assertThat(a1.lastCpim().fromUri()).contains(BOB.uri());
    assertThat(a1.lastCpim().toUris()).containsExactly(ALICE.uri());
    assertThat(a1.lastCpim().content()).isEqualTo(imdn);
  }

  @Test
  void anImdnThatIsNoXmlIsRefused() {
    Sent sent =
        b1.submits(
            "message/cpim",
            Stage.cpim(BOB.uri(), ALICE.uri(), "", "message/imdn+xml", "no".getBytes(UTF_8)));
    assertThat(sent.result()).isEqualTo(new SubmitResult.Refused(400, "malformed IMDN"));
  }

  @Test
  void aReceiptOfAnEncryptedMessageIsRoutedLikeAnyOther() {
    byte[] sealed = Stage.cpim(ALICE.uri(), BOB.uri(), "m1", "application/x-sealed", new byte[9]);
    a1.submits("message/cpim", sealed);
    b1.reports("delivered", "m1");
    assertThat(a1.texts()).containsExactly("delivered of m1");
  }

  // Is-composing

  private static final byte[] TYPING =
      "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>active</state></isComposing>"
          .getBytes(UTF_8);

  @Test
  @Spec("RFC 3994 §3")
  void typingIsRelayedToTheOthersAndNeverStored() {
    int before = stage.disk.size();
    Sent sent =
        a1.submits(
            "message/cpim",
            Stage.cpim(ALICE.uri(), BOB.uri(), "", "application/im-iscomposing+xml", TYPING));
    assertThat(sent.result()).isEqualTo(ACCEPTED);
    assertThat(b1.relayed).hasSize(1);
    assertThat(b2.relayed).hasSize(1);
    assertThat(c1.relayed).hasSize(1);
    assertThat(a2.relayed).isEmpty();
    assertThat(a1.relayed).isEmpty();
    assertThat(stage.disk).hasSize(before);
  }

  @Test
  void bareTypingGoesBareToALegThatTakesItSo() {
    PlayedDevice takes = stage.device(BOB, "watch");
    takes.attaches(takes("message/cpim", "application/im-iscomposing+xml"));
    a1.submits("application/im-iscomposing+xml", TYPING);
    assertThat(takes.relayed).hasSize(1);
    assertThat(takes.relayed.getFirst().body()).isSameAs(TYPING);
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void bareTypingIsWrappedForALegThatTakesItInCpimOnly() {
    a1.submits("application/im-iscomposing+xml", TYPING);
    assertThat(b1.relayed).hasSize(1);
    assertThat(b1.relayed.getFirst().contentType()).isEqualTo("message/cpim");
    CpimMessage cpim = PlayedDevice.cpimOf(b1.relayed.getFirst().body());
    assertThat(cpim.fromUri()).contains(ALICE.uri());
    assertThat(cpim.toUris()).containsExactly(BOB.uri());
    assertThat(cpim.contentType()).isEqualTo("application/im-iscomposing+xml");
    assertThat(cpim.content()).isEqualTo(TYPING);
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void wrappedTypingIsUnwrappedForALegWithoutCpim() {
    PlayedDevice plain = stage.device(BOB, "watch");
    plain.attaches(takes("text/plain", "application/im-iscomposing+xml"));
    a1.submits(
        "message/cpim",
        Stage.cpim(ALICE.uri(), BOB.uri(), "", "application/im-iscomposing+xml", TYPING));
    assertThat(plain.relayed).hasSize(1);
    assertThat(plain.relayed.getFirst().contentType()).isEqualTo("application/im-iscomposing+xml");
    assertThat(plain.relayed.getFirst().body()).isEqualTo(TYPING);
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void aLegThatTakesTypingInNoFormGetsNone() {
    PlayedDevice plain = stage.device(BOB, "watch");
    plain.attaches(takes("text/plain"));
    PlayedDevice picky = stage.device(BOB, "desk");
    picky.attaches(
        new LegProfile(List.of("message/cpim"), List.of("text/plain"), Long.MAX_VALUE, 1));
    a1.submits("application/im-iscomposing+xml", TYPING);
    a1.submits(
        "message/cpim",
        Stage.cpim(ALICE.uri(), BOB.uri(), "", "application/im-iscomposing+xml", TYPING));
    assertThat(plain.relayed).isEmpty();
    assertThat(picky.relayed).isEmpty();
  }

  private static LegProfile takes(String... types) {
    return new LegProfile(List.of(types), List.of(), 10_000, 1);
  }

  @Test
  void inAGroupAnonymousTypingNamesWhoTypes() {
    a1.submits(
        "message/cpim",
        Stage.cpim(
            PlayedDevice.ANONYMOUS,
            PlayedDevice.ANONYMOUS,
            "",
            "application/im-iscomposing+xml",
            TYPING));
    assertThat(PlayedDevice.cpimOf(b1.relayed.getFirst().body()).fromUri()).contains(ALICE.uri());
  }

  @Test
  @Spec("RFC 3323 §4.2")
  void typingOfWhoAskedForPrivacyNamesNobody() {
    a1.asksForPrivacy().submits("application/im-iscomposing+xml", TYPING);
    assertThat(PlayedDevice.cpimOf(b1.relayed.getFirst().body()).fromUri())
        .contains(PlayedDevice.ANONYMOUS);
  }

  @Test
  void whoLeftIsShownNoTyping() {
    stage.tell(new ConversationEvent.Leave(BOB));
    a1.submits(
        "message/cpim",
        Stage.cpim(ALICE.uri(), BOB.uri(), "", "application/im-iscomposing+xml", TYPING));
    assertThat(b1.relayed).isEmpty();
    assertThat(c1.relayed).hasSize(1);
  }

  @Test
  void aDeviceThatTakesEverythingGetsReceiptsToo() {
    assertThat(RCS.takesInCpim("message/imdn+xml")).isTrue();
  }

  private List<Entry.Disposition> dispositions() {
    return stage.disk.stream()
        .filter(Entry.Disposition.class::isInstance)
        .map(Entry.Disposition.class::cast)
        .toList();
  }
}
