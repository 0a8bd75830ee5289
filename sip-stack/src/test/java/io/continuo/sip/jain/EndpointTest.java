package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipTransports;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TestTls;
import io.continuo.sip.testing.TextPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

/// An endpoint on a free port and peers that are closed after each test.
abstract class EndpointTest {
  static final Set<String> METHODS =
      Set.of(
          "INVITE",
          "ACK",
          "BYE",
          "CANCEL",
          "PRACK",
          "OPTIONS",
          "REGISTER",
          "MESSAGE",
          "UPDATE",
          "INFO");

  /// T1 of 4 s, the most that JAIN-SIP's other timers (T2 of 4 s) are whole multiples of: nothing
  /// is repeated, so that the next message is the next one on a slow machine too, and nobody is
  /// given up for 256 s.
  static final SipTimers CALM = new SipTimers(Duration.ofSeconds(4), Duration.ofMinutes(30));

  /// T1 of 100 ms: there are repetitions, and whoever is in time has 6.4 s (Timer B, F and H).
  static final SipTimers BRISK = new SipTimers(Duration.ofMillis(100), Duration.ofMinutes(10));

  /// T1 of 20 ms, Timer B, F and H of 1.28 s: for tests in which nothing has to be in time.
  static final SipTimers FAST = new SipTimers(Duration.ofMillis(20), Duration.ofSeconds(60));

  static final Duration IDLE = Duration.ofMinutes(65);

  final RecordingApplication application = new RecordingApplication();
  private final List<AutoCloseable> open = new ArrayList<>();

  SipEndpoint endpoint() {
    return endpoint(CALM);
  }

  SipEndpoint endpoint(SipTimers timers) {
    return endpoint(config(Set.of()), timers);
  }

  /// With an application of one's own and the timers of the RFC.
  SipEndpoint endpoint(SipApplication own) {
    try {
      return closing(JainSipEndpoint.start(config(Set.of()), own, SipTimers.STANDARD));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  /// Every transport on free ports.
  static SipEndpointConfig config(Set<String> origins) {
    SipTransports all =
        new SipTransports(
            EnumSet.allOf(Flow.Transport.class), 0, 0, 0, origins, Optional.of(TestTls.endpoint()));
    return new SipEndpointConfig("127.0.0.1", 0, all, METHODS, 65_000, 1_300, 100, IDLE, "Test");
  }

  SipEndpoint endpoint(SipEndpointConfig config, SipTimers timers) {
    try {
      return closing(JainSipEndpoint.start(config, application, timers));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  /// Has a port that nobody listens on, and that nobody else gets while it is open.
  static Socket unheard() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress("127.0.0.1", 0));
    return bound;
  }

  TextPeer peer(String transport, SipEndpoint endpoint) {
    return closing(TextPeer.over(transport, endpoint.address(Flow.Transport.valueOf(transport))));
  }

  <T extends AutoCloseable> T closing(T resource) {
    open.addFirst(resource);
    return resource;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }
}
