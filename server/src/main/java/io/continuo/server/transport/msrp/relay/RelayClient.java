package io.continuo.server.transport.msrp.relay;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.configuration.MsrpRelaySettings;
import io.continuo.server.transport.msrp.relay.RelayLogin.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a path through the relays of `msrp.relays`: connects to the first, authorizes with each in
/// turn through those before it, refreshes before the first of them forgets us, and begins again,
/// ever more slowly, when something breaks (RFC 4976 §5). A refresh that brings another path ends
/// the sessions of the one before.
///
/// Threading: [#current], [#lineOf], [#awaitFirst] and [#stop] from any thread, everything else on
/// the line's loop.
public final class RelayClient implements RelayLine.Owner {
  /// The pause after the first failure; doubled after each further one.
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /// The longest pause.
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

  /// A reservation is refreshed when so much of its time is left, in percent.
  private static final int LEFT_AT_REFRESH = 25;

  private static final Logger log = LoggerFactory.getLogger(RelayClient.class);

  private final List<Hop> hops;
  private final MsrpRelaySettings settings;
  private final MsrpUri own;
  private final RelayLine.Dialler dialler;
  private final CountDownLatch decided = new CountDownLatch(1);
  private volatile @Nullable Reservation current;
  private volatile boolean stopped;
  private volatile @Nullable RelayLine line;
  private Duration pause = FIRST_PAUSE;
  private boolean busy;
  private long logins;

  private record Hop(MsrpUri relay, DigestClient digest) {}

  /// One login with all relays.
  private record Progress(RelayLine on, int hop, Reservation reserved, Duration shortest) {}

  /// @param own our own URI towards the relays; its session id is only for AUTH
  /// @param cnonces a fresh random text each time
  public RelayClient(
      MsrpRelaySettings settings,
      RelayCredentials credentials,
      MsrpUri own,
      RelayLine.Dialler dialler,
      Supplier<String> cnonces) {
    this.settings = settings;
    this.own = own;
    this.dialler = dialler;
    this.hops =
        settings.uris().stream()
            .map(uri -> new Hop(uri, new DigestClient(credentials, cnonces)))
            .toList();
  }

  /// Begins; call once.
  public void start() {
    dialler.connect(hops.getFirst().relay(), this);
  }

  /// Waits until the first attempt has come to something; what, [#current] says.
  public void awaitFirst(Duration atMost) throws InterruptedException {
    decided.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// What the relays keep for us; empty while we have no way through them.
  public Optional<Reservation> current() {
    return Optional.ofNullable(current);
  }

  /// The way to a relay's peers, for sessions that were told this path.
  ///
  /// @param inward the relays as `a=path` told them
  /// @return the connection, unless the path has changed since
  public Optional<RelayLine> lineOf(List<MsrpUri> inward) {
    Reservation reserved = current;
    return reserved != null && reserved.inward().equals(inward)
        ? Optional.ofNullable(line)
        : Optional.empty();
  }

  /// No further attempt; the connection is closed by whoever closes all of them.
  public void stop() {
    stopped = true;
  }

  @Override
  public void connected(RelayLine made) {
    if (stopped) {
      made.close();
      return;
    }
    line = made;
    authorize(made);
  }

  @Override
  public void failed(String reason) {
    lost(reason);
  }

  @Override
  public void closed(RelayLine gone) {
    if (line == gone) {
      line = null;
      lost("connection closed");
    }
  }

  /// A refresh shows whether it is alive.
  @Override
  public void silent(RelayLine on) {
    authorize(on);
  }

  private void authorize(RelayLine on) {
    if (on == line && !busy && !stopped) {
      busy = true;
      login(new Progress(on, 0, Reservation.NONE, settings.relayExpires()));
    }
  }

  private void login(Progress at) {
    Hop hop = hops.get(at.hop());
    var login = new RelayLogin(hop.relay(), hop.digest(), settings.relayExpires());
    take(at, login, login.begin());
  }

  private void take(Progress at, RelayLogin login, Step step) {
    switch (step) {
      case Step.Send send -> {
        List<MsrpUri> to = new ArrayList<>(at.reserved().usePath());
        to.add(hops.get(at.hop()).relay());
        RelayLine.Answered answered = (status, headers) -> answered(at, login, status, headers);
        at.on().authorize(to, own, send.headers(), answered);
      }
      case Step.Reserved reserved -> {
        Optional<Reservation> whole = at.reserved().behind(reserved.usePath());
        if (whole.isPresent()) {
          goOn(at, whole.get(), reserved.expires());
        } else {
          fail(at, "Use-Path is not in the order of To-Path: " + reserved.usePath());
        }
      }
      case Step.Failed failed -> fail(at, failed.reason());
    }
  }

  private void goOn(Progress at, Reservation reserved, Duration expires) {
    Duration left = expires.compareTo(at.shortest()) < 0 ? expires : at.shortest();
    var next = new Progress(at.on(), at.hop() + 1, reserved, left);
    if (next.hop() < hops.size()) {
      login(next);
    } else {
      authorized(next);
    }
  }

  private void fail(Progress at, String reason) {
    line = null;
    at.on().close();
    lost(hops.get(at.hop()).relay().host() + ": " + reason);
  }

  private void answered(Progress at, RelayLogin login, int status, List<MsrpHeader> headers) {
    if (at.on() == line && !stopped) {
      take(at, login, login.answered(status, headers));
    }
  }

  private void authorized(Progress done) {
    busy = false;
    pause = FIRST_PAUSE;
    Reservation before = current;
    if (!done.reserved().equals(before)) {
      current = done.reserved();
      log.atInfo()
          .addKeyValue("path", done.reserved().usePath())
          .addKeyValue("expires", done.shortest().toSeconds())
          .log("msrp.relay-reserved");
    }
    if (before != null && !done.reserved().equals(before)) {
      done.on().outlived(before.inward());
    }
    decided.countDown();
    long left = done.shortest().toMillis() * LEFT_AT_REFRESH / 100;
    long login = ++logins;
    dialler.after(
        done.shortest().minusMillis(left),
        () -> {
          if (login == logins) { // Not when a silent line made us do it earlier.
            authorize(done.on());
          }
        });
  }

  private void lost(String reason) {
    busy = false;
    current = null;
    decided.countDown();
    if (stopped) {
      return;
    }
    log.atWarn()
        .addKeyValue("relay", hops.getFirst().relay().host())
        .addKeyValue("reason", reason)
        .addKeyValue("again-in", pause.toSeconds())
        .log("msrp.relay-lost");
    dialler.after(
        pause,
        () -> {
          if (!stopped) {
            dialler.connect(hops.getFirst().relay(), this);
          }
        });
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
