package io.continuo.server.b2bua;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.conversation.Channel.Closing;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Session timers (RFC 4028) as [ChatSession] keeps them: alice's phone has invited bob's, and
/// messages flow on both legs.
class SessionRefreshTest {
  private static final Device ALICE = device("alice", "phone");
  private static final Device TABLET = device("alice", "tablet");
  private static final Device BOB = device("bob", "phone");
  private static final LegId ALICES = new LegId("alices");
  private static final LegId BOBS = new LegId("bobs");

  private final ChatSession session =
      new ChatSession(SessionSettings.DEFAULT, Duration.ofSeconds(30), false, () -> BOBS);
  private final List<SessionEffect> effects = new ArrayList<>();

  SessionRefreshTest() {
    on(
        new SessionEvent.Invited(
            ALICES,
            ALICE,
            true,
            false,
            Duration.ofMinutes(3),
            70,
            Map.of(ALICE.id().owner(), List.of(ALICE), BOB.id().owner(), List.of(BOB))));
    on(new SessionEvent.Accepted(BOBS, true));
    on(new SessionEvent.Ready(ALICES));
    on(new SessionEvent.Ready(BOBS));
    effects.clear();
  }

  private void on(SessionEvent event) {
    effects.clear();
    effects.addAll(session.on(event));
  }

  private void agreed(long seconds, boolean weRefresh) {
    SessionInterval interval = new SessionInterval(Duration.ofSeconds(seconds), weRefresh);
    on(new SessionEvent.Refreshed(BOBS, Optional.of(interval)));
  }

  private void fires(SessionTimer timer) {
    on(new SessionEvent.TimerFired(timer));
  }

  private static SessionEffect.Start start(SessionTimer timer, long seconds) {
    return new SessionEffect.Start(timer, Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"1800,900,1768", "90,45,60", "96,48,64", "120,60,88"})
  @Spec("RFC 4028 §7.2")
  @Spec("RFC 4028 §10")
  void weRefreshAtHalfAndEndAThirdOrThirtyTwoSecondsBeforeTheExpiry(
      long interval, long refresh, long end) {
    agreed(interval, true);

    assertThat(effects)
        .containsExactlyInAnyOrder(
            start(new SessionTimer.Refresh(BOBS), refresh),
            start(new SessionTimer.SessionExpires(BOBS), end));
  }

  @Test
  @Spec("RFC 4028 §10")
  void aDeviceThatRefreshesIsOnlyWatched() {
    agreed(1800, false);

    assertThat(effects)
        .containsExactlyInAnyOrder(
            new SessionEffect.Cancel(new SessionTimer.Refresh(BOBS)),
            start(new SessionTimer.SessionExpires(BOBS), 1768));
  }

  @Test
  @Spec("RFC 4028 §7.4")
  void atHalfTimeTheLegIsRefreshedWithItsInterval() {
    agreed(600, true);

    fires(new SessionTimer.Refresh(BOBS));

    assertThat(effects).containsExactly(new SessionEffect.Refresh(BOBS, Duration.ofSeconds(600)));
  }

  @Test
  @Spec("RFC 4028 §7.2")
  void anAnswerStartsTheTimerAnew() {
    agreed(600, true);
    fires(new SessionTimer.Refresh(BOBS));

    agreed(600, true);

    assertThat(effects)
        .contains(
            start(new SessionTimer.Refresh(BOBS), 300),
            start(new SessionTimer.SessionExpires(BOBS), 568));
  }

  @ParameterizedTest
  @CsvSource({"1800,30", "90,5"})
  @Spec("RFC 4028 §7.4")
  void aRefreshThatCouldNotBeSentIsTriedAgainUntilTheSessionIsEnded(long interval, long pause) {
    agreed(interval, true);
    for (int i = 0; i < 3; i++) {
      fires(new SessionTimer.Refresh(BOBS));
      assertThat(effects).hasOnlyElementsOfType(SessionEffect.Refresh.class).hasSize(1);

      on(new SessionEvent.RefreshUnsent(BOBS));
      assertThat(effects).containsExactly(start(new SessionTimer.Refresh(BOBS), pause));
    }

    fires(new SessionTimer.SessionExpires(BOBS));
    assertThat(effects).contains(new SessionEffect.Close(BOBS, Closing.TIMED_OUT));
    on(new SessionEvent.RefreshUnsent(BOBS));
    assertThat(effects).isEmpty();
  }

  @Test
  @Spec("wire: signalling")
  @Spec("RFC 4028 §10")
  void anUnrefreshedExpiryOfOursEndsTheLegAndParksTheDevice() {
    agreed(600, true);

    fires(new SessionTimer.SessionExpires(BOBS));

    assertThat(effects).contains(new SessionEffect.Close(BOBS, Closing.TIMED_OUT));
    assertParked();
  }

  @Test
  @Spec("wire: signalling")
  void aDeviceThatDoesNotAnswerTheRefreshIsParkedWithoutASecondBye() {
    agreed(600, true);
    fires(new SessionTimer.Refresh(BOBS));

    on(new SessionEvent.Unrefreshed(BOBS));

    assertThat(effects)
        .contains(new SessionEffect.Forget(BOBS))
        .contains(new SessionEffect.Cancel(new SessionTimer.SessionExpires(BOBS)))
        .noneMatch(SessionEffect.Close.class::isInstance);
    assertParked();
  }

  @Test
  @Spec("wire: signalling")
  void whileMessagesFlowADeviceThatShouldRefreshAndDoesNotIsKept() {
    agreed(600, false);

    fires(new SessionTimer.SessionExpires(BOBS));

    assertThat(effects)
        .contains(start(new SessionTimer.SessionExpires(BOBS), 568))
        .noneMatch(SessionEffect.Close.class::isInstance);
  }

  @Test
  @Spec("wire: signalling")
  void withoutAConnectionADeviceThatShouldRefreshAndDoesNotIsParked() {
    agreed(600, false);
    on(new SessionEvent.Suspended(BOBS));

    fires(new SessionTimer.SessionExpires(BOBS));

    assertThat(effects).contains(new SessionEffect.Close(BOBS, Closing.TIMED_OUT));
    assertParked();
  }

  @Test
  @Spec("RFC 4028 §9")
  void aRefreshWithoutATimerTakesItAway() {
    agreed(600, true);

    on(new SessionEvent.Refreshed(BOBS, Optional.empty()));

    assertThat(effects)
        .containsExactlyInAnyOrder(
            new SessionEffect.Cancel(new SessionTimer.SessionExpires(BOBS)),
            new SessionEffect.Cancel(new SessionTimer.Refresh(BOBS)));
  }

  @Test
  void aLegThatEndsTakesItsTimersAlong() {
    agreed(600, true);

    on(new SessionEvent.Bye(BOBS, ByeReason.NONE));

    assertThat(effects)
        .contains(
            new SessionEffect.Cancel(new SessionTimer.SessionExpires(BOBS)),
            new SessionEffect.Cancel(new SessionTimer.Refresh(BOBS)));
  }

  @Test
  void aTimerThatFiredForALegThatHasEndedDoesNothing() {
    agreed(600, true);
    on(new SessionEvent.Bye(BOBS, ByeReason.NONE));

    fires(new SessionTimer.SessionExpires(BOBS));
    assertThat(effects).isEmpty();
    fires(new SessionTimer.Refresh(BOBS));
    assertThat(effects).isEmpty();
  }

  /// Not for a session that somebody opens again while it is live, but for a message. The session
  /// goes on without bob, as alice's tablet joins it, until there is a message for him.
  private void assertParked() {
    on(
        new SessionEvent.Invited(
            new LegId("again"),
            TABLET,
            true,
            false,
            Duration.ofMinutes(3),
            70,
            Map.of(BOB.id().owner(), List.of(BOB))));
    assertThat(effects).noneMatch(SessionEffect.Open.class::isInstance);
    on(new SessionEvent.Wanted(ALICE.id(), Map.of(BOB.id().owner(), List.of(BOB))));
    assertThat(effects).anyMatch(SessionEffect.Open.class::isInstance);
  }

  private static Device device(String user, String instance) {
    DeviceRoute route =
        new DeviceRoute(
            "sip:" + user + "@192.0.2.1", List.of(), Optional.empty(), 0, Map.of(), Instant.MAX);
    return new Device(
        new DeviceId(AddressOfRecord.of("sip:" + user + "@continuo.test"), "urn:uuid:" + instance),
        DeviceSource.REGISTER,
        ChannelKind.SESSION,
        List.of(route));
  }
}
