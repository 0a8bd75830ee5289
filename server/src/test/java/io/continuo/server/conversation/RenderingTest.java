package io.continuo.server.conversation;

import static io.continuo.server.conversation.PlayedDevice.ANONYMOUS;
import static io.continuo.server.conversation.PlayedDevice.RCS;
import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.conversation.ConversationEffect.Counted;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a message becomes on legs that differ.
class RenderingTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice alice = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice tablet = stage.device(ALICE, "tablet").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone");

  private static LegProfile takes(String... types) {
    return new LegProfile(List.of(types), List.of(), Long.MAX_VALUE, 32);
  }

  @Test
  @Spec("wire: own-copies name-sender")
  void aSiblingsCopyOfAnAnonymousMessageNamesItsOwnSubscriber() {
    alice.sends("m1", "hi");
    assertThat(tablet.lastCpim().fromUri()).contains(ALICE.uri());
    assertThat(tablet.lastCpim().toUris()).containsExactly(BOB.uri());
    assertThat(tablet.lastCpim().imdnHeader("Message-ID")).contains("m1");
  }

  @Test
  @Spec("RFC 3323 §4.1.1.3")
  void theOtherSideGetsAnAnonymousMessageAsItWasWritten() {
    bob.attaches();
    byte[] body = PlayedDevice.cpim(ANONYMOUS, "m1", "hi");
    alice.submits("message/cpim", body);
    assertThat(bob.received.getFirst().body().whole()).isSameAs(body);
  }

  @Test
  void aNamedMessageIsNotTouchedForASibling() {
    byte[] body = Stage.cpim(ALICE.uri(), BOB.uri(), "m1", "text/plain", "hi".getBytes(UTF_8));
    alice.submits("message/cpim", body);
    assertThat(tablet.received.getFirst().body().whole()).isSameAs(body);
  }

  @Test
  void ownCopiesMayBeExact() {
    Stage exact =
        new Stage(
            new ImdnSettings(
                ImdnSettings.Policy.FIRST_PER_SUBSCRIBER,
                ImdnSettings.OwnCopies.EXACT,
                Duration.ofDays(30)));
    exact.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    PlayedDevice sibling = exact.device(ALICE, "tablet").attaches();
    byte[] body = PlayedDevice.cpim(ANONYMOUS, "m1", "hi");
    exact.device(ALICE, "phone").submits("message/cpim", body);
    assertThat(sibling.received.getFirst().body().whole()).isSameAs(body);
  }

  @Test
  void inAGroupEverybodySeesWhoWrote() {
    Stage group = Stage.group();
    PlayedDevice other = group.device(BOB, "phone").attaches();
    group.device(ALICE, "phone").sends("m1", "hi");
    assertThat(other.lastCpim().fromUri()).contains(ALICE.uri());
    assertThat(other.lastCpim().toUris()).containsExactly(ANONYMOUS);
  }

  @Test
  @Spec("RFC 3323 §4.2")
  @Spec("wire: own-copies name-sender")
  void whoAskedForPrivacyIsNamedToItsOwnDevicesOnlyAlsoLaterAndAfterARestart() {
    Stage group = Stage.group();
    PlayedDevice other = group.device(BOB, "phone").attaches();
    PlayedDevice sibling = group.device(ALICE, "tablet").attaches();
    byte[] body = PlayedDevice.cpim(ANONYMOUS, "m1", "hi");
    group.device(ALICE, "phone").asksForPrivacy().submits("message/cpim", body);

    assertThat(other.received.getFirst().body().whole()).isSameAs(body);
    assertThat(other.received.getFirst().anonymous()).isTrue();
    assertThat(sibling.lastCpim().fromUri()).contains(ALICE.uri());
    assertThat(sibling.received.getFirst().anonymous()).isFalse();
    group.restarts();
    PlayedDevice late = group.device(BOB, "desk").attaches();
    assertThat(late.received.getFirst().body().whole()).isSameAs(body);
    assertThat(late.received.getFirst().anonymous()).isTrue();
  }

  @Test
  @Spec("RFC 3323 §4.2")
  void plainTextOfWhoAskedForPrivacyIsWrappedAnonymously() {
    bob.attaches(RCS);
    alice.asksForPrivacy().sendsPlain("hi");
    assertThat(bob.lastCpim().fromUri()).contains(ANONYMOUS);
    assertThat(tablet.lastCpim().fromUri()).contains(ALICE.uri());
  }

  @Test
  @Spec("RFC 3862 §2.4")
  void theMimePartOfARenamedCopyIsByteExact() {
    byte[] content = {0, 13, 10, 13, 10, -1, 'x'};
    alice.submits(
        "message/cpim", Stage.cpim(ANONYMOUS, ANONYMOUS, "m1", "application/x-sealed", content));
    assertThat(tablet.lastCpim().content()).isEqualTo(content);
    assertThat(tablet.lastCpim().contentType()).isEqualTo("application/x-sealed");
  }

  @Test
  @Spec("RFC 5438 §9")
  void aPlainTextIsWrappedForALegThatTakesCpim() {
    bob.attaches(RCS);
    alice.submits("text/plain;charset=UTF-8", "grüße".getBytes(UTF_8));
    CpimMessage cpim = bob.lastCpim();
    assertThat(cpim.fromUri()).contains(ALICE.uri());
    assertThat(cpim.toUris()).containsExactly(BOB.uri());
    assertThat(cpim.imdnHeader("Message-ID")).contains("server-id-1");
    assertThat(cpim.header("DateTime")).isPresent();
    assertThat(cpim.contentType()).isEqualTo("text/plain;charset=UTF-8");
    assertThat(new String(cpim.content(), UTF_8)).isEqualTo("grüße");
  }

  @Test
  void aSiblingsWrappedCopyIsAddressedToTheOtherSide() {
    alice.sendsPlain("hi");
    assertThat(tablet.lastCpim().fromUri()).contains(ALICE.uri());
    assertThat(tablet.lastCpim().toUris()).containsExactly(BOB.uri());
  }

  @Test
  void aPlainTextGoesAsItIsToALegThatTakesNothingElse() {
    bob.attaches(takes("text/plain"));
    alice.sendsPlain("hi");
    assertThat(bob.received.getFirst().contentType()).isEqualTo("text/plain");
    assertThat(bob.texts()).containsExactly("hi");
  }

  @Test
  void wrappedTextIsUnwrappedForALegThatTakesPlainTextOnly() {
    bob.attaches(takes("text/plain"));
    alice.sends("m1", "hi");
    assertThat(bob.received.getFirst().contentType()).isEqualTo("text/plain");
    assertThat(bob.received.getFirst().messageId()).isEqualTo("m1");
    assertThat(bob.texts()).containsExactly("hi");
  }

  @Test
  @Spec("RFC 4975 §10.6")
  void whatALegCannotTakeIsPassedOverAsRefused() {
    bob.attaches(takes("text/plain"));
    alice.submits(
        "message/cpim", Stage.cpim(ANONYMOUS, ANONYMOUS, "m1", "image/png", new byte[] {1}));
    alice.sends("m2", "still there");
    assertThat(bob.texts()).containsExactly("still there");
    assertThat(stage.count(Counted.COPY_REFUSED_BY_DEVICE)).isEqualTo(1);
    assertThat(stage.disk)
        .anyMatch(r ->
            r instanceof Answer a
                && a.device().equals(bob.id)
                && a.outcome().equals(new DeliveryOutcome.Refused(415)));
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void aWrappedTypeThatIsNotListedIsNotSent() {
    bob.attaches(
        new LegProfile(List.of("message/cpim"), List.of("text/plain"), Long.MAX_VALUE, 32));
    alice.submits(
        "message/cpim", Stage.cpim(ANONYMOUS, ANONYMOUS, "m1", "image/png", new byte[] {1}));
    assertThat(bob.received).isEmpty();
    assertThat(stage.count(Counted.COPY_REFUSED_BY_DEVICE)).isEqualTo(1);
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void aTypeThatIsTakenBareMayComeWrapped() {
    bob.attaches(
        new LegProfile(
            List.of("message/cpim", "image/*"), List.of("text/plain"), Long.MAX_VALUE, 32));
    alice.submits(
        "message/cpim", Stage.cpim(ANONYMOUS, ANONYMOUS, "m1", "image/png", new byte[] {1}));
    assertThat(bob.received).hasSize(1);
  }

  @Test
  @Spec("RFC 5547 §6")
  void whatIsOverALegsMaxSizeIsNotSent() {
    bob.attaches(new LegProfile(List.of("*"), List.of(), 200, 32));
    alice.sends("m1", "x".repeat(300));
    alice.sends("m2", "short");
    assertThat(bob.texts()).containsExactly("short");
    assertThat(stage.disk)
        .anyMatch(r ->
            r instanceof Answer a
                && a.device().equals(bob.id)
                && a.outcome().equals(new DeliveryOutcome.Refused(413)));
  }

  private static final int LARGE = 66_000;

  /// From names nobody in so many characters.
  private static byte[] anonymous(int length, String id) {
    String from = ANONYMOUS + ";x=" + "y".repeat(length);
    return Arrays.copyOf(Stage.cpim(from, ANONYMOUS, id, "image/png", new byte[] {1, 2, 3}), LARGE);
  }

  @Test
  @Spec("wire: own-copies name-sender")
  void aLargeMessageGetsAnotherHeadAndKeepsWhatIsBehindIt() throws Exception {
    byte[] body = anonymous(20, "m1");
    alice.submits("t1", "message/cpim", StagedBytes.body(body));

    Body copy = tablet.received.getFirst().body();
    byte[] whole = BodyBytes.of(copy);
    CpimMessage cpim = CpimMessage.parse(whole);
    assertThat(cpim.fromUri()).contains(ALICE.uri());
    assertThat(cpim.content()).isEqualTo(CpimMessage.parse(body).content());
    assertThat(copy.length()).isEqualTo(whole.length);
  }

  @Test
  @Spec("RFC 5438 §9")
  void aLargeMessageIsWrappedAndUnwrapped() throws Exception {
    byte[] plain = Arrays.copyOf("grüße".getBytes(UTF_8), LARGE);
    bob.attaches(RCS);
    alice.submits("t1", "text/plain", StagedBytes.body(plain));
    byte[] wrapped = BodyBytes.of(bob.received.getFirst().body());
    assertThat(CpimMessage.parse(wrapped).content()).isEqualTo(plain);

    PlayedDevice simple = stage.device(BOB, "simple").attaches(takes("text/plain"));
    simple.received.clear();
    byte[] cpim = Stage.cpim(ALICE.uri(), BOB.uri(), "m2", "text/plain", plain);
    alice.submits("t2", "message/cpim", StagedBytes.body(cpim));
    assertThat(BodyBytes.of(simple.received.getFirst().body())).isEqualTo(plain);
  }

  /// Its copy would fit, but is in a file, and a pager device needs it whole.
  @Test
  void aLegThatTakesNoMoreThanFitsInMemoryIsGivenNoFile() {
    PlayedDevice pager =
        stage
            .device(ALICE, "pager")
            .attaches(new LegProfile(List.of("message/cpim"), List.of("*"), 60_000, 1));
    alice.submits("t1", "message/cpim", StagedBytes.body(anonymous(8_000, "m1")));
    alice.sends("m2", "short");

    assertThat(tablet.received.getFirst().body().length()).isLessThan(60_000);
    assertThat(pager.received).hasSize(1);
    assertThat(pager.lastCpim().imdnHeader("Message-ID")).contains("m2");
    assertThat(stage.count(Counted.COPY_REFUSED_BY_DEVICE)).isEqualTo(1);
  }

  @Test
  void aBodyIsSharedByAllCopiesThatAreAlike() {
    bob.attaches();
    PlayedDevice desk = stage.device(BOB, "desk").attaches();
    PlayedDevice watch = stage.device(ALICE, "watch").attaches();
    alice.sends("m1", "hi");
    assertThat(desk.received.getFirst().body().whole())
        .isSameAs(bob.received.getFirst().body().whole());
    assertThat(watch.received.getFirst().body().whole())
        .isSameAs(tablet.received.getFirst().body().whole());
  }
}
