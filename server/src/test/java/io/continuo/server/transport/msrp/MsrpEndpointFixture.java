package io.continuo.server.transport.msrp;

import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.configuration.MsrpRelaySettings;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.tls.TlsMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// An endpoint on a free port, what it told, and devices with plain text connections to it.
abstract class MsrpEndpointFixture {
  static final String PEER = "msrp://127.0.0.1:9/peersession;tcp";
  static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");
  static final Device PHONE =
      new Device(
          new DeviceId(BOB, "phone"),
          DeviceSource.REGISTER,
          ChannelKind.SESSION,
          List.of(
              new DeviceRoute(
                  "sip:bob@127.0.0.1",
                  List.of(),
                  Optional.of("tcp/127.0.0.1:5060/1"),
                  0,
                  Map.of(),
                  Instant.MAX)));
  static final MediaTerms TERMS = new MediaTerms(20_000, false, 32);
  static final Optional<String> LOCAL = Optional.of("127.0.0.1");

  final RecordingEvents events = new RecordingEvents();
  final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  final List<AutoCloseable> opened = new ArrayList<>();
  final LegId leg = new LegId("legAAAAAAAAAAAAAAAAAAAAA");
  MsrpEndpoint endpoint;

  /// How long a connection that was open before has to show that it is alive; shorter where a test
  /// waits for its end.
  Duration probe = Duration.ofSeconds(TextPeer.WAIT_SECONDS);

  @BeforeEach
  void startsEndpoint() throws IOException {
    endpoint = start(settings());
  }

  @AfterEach
  void closesAll() throws Exception {
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
  }

  MsrpSettings settings() {
    return new Terms().settings();
  }

  /// What takes large messages.
  BodyStaging staging() {
    return BodyStaging.NONE;
  }

  static MsrpSettings settings(Duration bind, Duration transaction, Duration idle) {
    var terms = new Terms();
    terms.bind = bind;
    terms.transaction = transaction;
    terms.idle = idle;
    return terms.settings();
  }

  /// Settings for one endpoint, small enough to reach the limits.
  static final class Terms {
    String host = "127.0.0.1";
    int port;
    long maxMessage = 20_000;
    long reassemblyPerLeg = 60_000;
    long uploadBytes = 1 << 20;
    Duration chunk = Duration.ofMinutes(2);
    Duration bind = Duration.ofMinutes(2);
    Duration transaction = Duration.ofMinutes(2);
    Duration idle = Duration.ofMinutes(5);
    Set<String> connectTo = Set.of("127.0.0.0/8", "::1");
    int connectsPerSubscriber = 100;
    int connectionsPerSource = 100;

    MsrpSettings settings() {
      return new MsrpSettings(
          host,
          port,
          maxMessage,
          2048,
          8192,
          reassemblyPerLeg,
          3,
          5,
          uploadBytes,
          chunk,
          bind,
          transaction,
          idle,
          connectTo,
          Set.of(),
          connectsPerSubscriber,
          Duration.ofMinutes(1),
          65_536,
          connectionsPerSource);
    }
  }

  MsrpEndpoint start(MsrpSettings settings) throws IOException {
    return start(settings, MsrpTransportSettings.DEFAULT, Optional.empty());
  }

  MsrpEndpoint start(MsrpSettings settings, MsrpTransportSettings transports, TlsMaterial tls)
      throws IOException {
    return start(settings, transports, Optional.of(tls));
  }

  private MsrpEndpoint start(
      MsrpSettings settings, MsrpTransportSettings transports, Optional<TlsMaterial> tls)
      throws IOException {
    var started =
        new MsrpEndpoint(
            settings,
            transports,
            MsrpRelaySettings.DEFAULT,
            tls,
            staging(),
            events,
            (reason, status) -> refusals.add(status + " " + reason),
            probe);
    opened.add(started);
    started.start();
    return started;
  }

  TextPeer connects() throws IOException {
    TextPeer peer = TextPeer.connect(endpoint.address());
    opened.add(peer);
    return peer;
  }

  String path() {
    return path(leg);
  }

  /// Our URI for a leg.
  String path(LegId one) {
    return ours(one).path().getFirst();
  }

  private MsrpMedia ours(LegId one) {
    return TERMS.offer(endpoint.offer(one, PHONE));
  }

  void expects(LegId one) {
    endpoint.expect(one, ours(one));
  }

  /// The peer's side, on plain TCP, is known.
  void starts(
      LegId one, AddressOfRecord who, List<String> peer, boolean connect, Optional<String> from) {
    endpoint.start(one, who, peer(peer), connect, from);
  }

  static MsrpMedia peer(List<String> path) {
    return new MsrpMedia(
        path, Setup.ACTPASS, 9, List.of("text/plain"), List.of("*"), Long.MAX_VALUE, true);
  }

  /// Expects the leg and starts it with a device that connects.
  void startsPassive() {
    expects(leg);
    starts(leg, BOB, List.of(PEER), false, LOCAL);
  }

  /// A device that is bound to the leg.
  TextPeer bound() throws IOException, InterruptedException {
    startsPassive();
    TextPeer peer = connects();
    peer.expectsAnswer(peer.sendBodiless(path(), PEER), 200);
    events.next(Bound.class);
    return peer;
  }

  ConversationEffect.Deliver delivery(long sequence, String text) {
    return new ConversationEffect.Deliver(
        leg, sequence, "mid" + sequence, "text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  String nextRefusal() throws InterruptedException {
    return refusals.poll(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
