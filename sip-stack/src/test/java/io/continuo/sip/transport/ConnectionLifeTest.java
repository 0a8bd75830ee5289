package io.continuo.sip.transport;

import static io.continuo.sip.testing.WebSocketWire.CLOSE;
import static io.continuo.sip.testing.WebSocketWire.FINAL;
import static io.continuo.sip.testing.WebSocketWire.PING;
import static io.continuo.sip.testing.WebSocketWire.PONG;
import static io.continuo.sip.testing.WebSocketWire.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.SipTransports;
import io.continuo.sip.testing.TestTls;
import io.continuo.sip.testing.TextPeer;
import io.continuo.sip.testing.WebSocketWire;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How connections of every kind begin and end.
class ConnectionLifeTest implements TransportEvents {
  private static final Duration LONG = Duration.ofMinutes(5);

  /// For what the test only waits for.
  private static final Duration BRIEF = Duration.ofMillis(300);

  /// For what the peer has to do in time, or may not do so slowly.
  private static final Duration ENOUGH = Duration.ofSeconds(3);

  /// Bytes of a message that comes byte by byte, one each quarter of [#BRIEF]: 30 s of them, and
  /// fewer than a message may have.
  private static final int DRIPS = 400;

  private final EventLoopGroup loops = SocketKind.BEST.loops(1, "test");
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static TcpTransport.Limits limits(Duration opening, Duration message, Duration ping) {
    return new TcpTransport.Limits(1_000, message, opening, 10, 100, LONG, ping);
  }

  private TcpTransport transport(TcpTransport.Limits limits) throws IOException {
    SipTransports all =
        new SipTransports(
            EnumSet.of(
                Flow.Transport.TCP, Flow.Transport.TLS, Flow.Transport.WS, Flow.Transport.WSS),
            0,
            0,
            0,
            Set.of(),
            Optional.of(TestTls.endpoint()));
    TcpTransport transport = new TcpTransport(loops, SocketKind.BEST, this, limits, all);
    for (Flow.Transport one : all.spoken()) {
      transport.listen(one, new InetSocketAddress("127.0.0.1", 0));
    }
    transport.open();
    return transport;
  }

  private static InetSocketAddress address(TcpTransport transport, String name) {
    return transport.address(Flow.Transport.valueOf(name)).orElseThrow();
  }

  private static Socket socket(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TextPeer.READ_MILLIS);
    return socket;
  }

  private String next() throws InterruptedException {
    return told.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS", "WS", "WSS"})
  void whoNeverFinishesTheHandshakeIsClosed(String name) throws Exception {
    TcpTransport transport = transport(limits(ENOUGH, LONG, LONG));
    try (Socket slow = socket(address(transport, name))) {
      slow.getOutputStream().write(name.equals("WS") ? 'G' : 0x16);

      assertThat(next()).isEqualTo("Handshake Took Too Long");
      assertThat(next()).isEqualTo("closed");
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(transport.size()).isZero();
  }

  @Test
  void whoHasShakenHandsButNeverUpgradesIsClosed() throws Exception {
    TcpTransport transport = transport(limits(ENOUGH, LONG, LONG));
    try (Socket slow = TestTls.connect(address(transport, "WSS"))) {
      assertThat(next()).isEqualTo("Handshake Took Too Long");
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TCP", "TLS"})
  void aMessageThatNeverEndsClosesItsConnection(String name) throws Exception {
    TcpTransport transport = transport(limits(LONG, BRIEF, LONG));
    InetSocketAddress server = address(transport, name);
    try (Socket slow = name.equals("TLS") ? TestTls.connect(server) : socket(server)) {
      slow.getOutputStream().write("OPTIONS sip:x SIP/2.0\r\nVi".getBytes(StandardCharsets.UTF_8));

      assertThat(next()).isEqualTo("Message Took Too Long");
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "WSS"})
  void aWebSocketMessageThatNeverEndsClosesItsConnection(String name) throws Exception {
    TcpTransport transport = transport(limits(LONG, BRIEF, LONG));
    try (WebSocketWire wire = upgraded(transport, name)) {
      wire.writeBytes(new byte[] {(byte) (FINAL | TEXT), (byte) 0x80 | 100, 1, 2, 3, 4, 'x'});

      assertThat(next()).isEqualTo("Message Took Too Long");
      assertThat(wire.frame().opcode()).isEqualTo(CLOSE);
    }
  }

  /// Who sends a byte now and then has as long for a message as who sends none.
  @ParameterizedTest
  @ValueSource(strings = {"TCP", "TLS", "WS"})
  void aMessageThatComesByteByByteHasNoMoreTimeThanAnyOther(String name) throws Exception {
    TcpTransport transport = transport(limits(LONG, ENOUGH, LONG));
    InetSocketAddress server = address(transport, name);
    try (Socket slow = name.equals("TLS") ? TestTls.connect(server) : socket(server)) {
      byte[] begun = "OPTIONS sip:x SIP/2.0\r\nVi".getBytes(StandardCharsets.UTF_8);
      if (name.equals("WS")) {
        WebSocketWire wire = new WebSocketWire(slow, name);
        wire.upgrade("Sec-WebSocket-Protocol: sip\r\n");
        byte[] length = {(byte) (2 * DRIPS >> 8), (byte) (2 * DRIPS)};
        begun =
            new byte[] {
              (byte) (FINAL | TEXT), (byte) (0x80 | 126), length[0], length[1], 1, 2, 3, 4
            };
      }
      slow.getOutputStream().write(begun);
      String end = null;
      for (int bytes = 0; bytes < DRIPS && end == null; bytes++) {
        drip(slow);
        end = told.poll(BRIEF.toMillis() / 4, TimeUnit.MILLISECONDS);
      }

      assertThat(end).isEqualTo("Message Took Too Long");
    }
  }

  private static void drip(Socket slow) {
    try {
      slow.getOutputStream().write('a');
    } catch (IOException closed) {
      // It is told in a moment.
    }
  }

  private static WebSocketWire upgraded(TcpTransport transport, String name) throws IOException {
    InetSocketAddress server = address(transport, name);
    Socket socket = name.equals("WSS") ? TestTls.connect(server) : socket(server);
    WebSocketWire wire = new WebSocketWire(socket, name);
    assertThat(wire.upgrade("Sec-WebSocket-Protocol: sip\r\n")).startsWith("HTTP/1.1 101");
    return wire;
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "WSS"})
  @Spec("RFC 6455 §5.5.2")
  void aSilentWebSocketIsAskedAndKeptWhileItAnswers(String name) throws Exception {
    TcpTransport transport = transport(limits(LONG, LONG, ENOUGH));
    try (WebSocketWire wire = upgraded(transport, name)) {
      for (int i = 0; i < 3; i++) {
        assertThat(wire.frame().opcode()).isEqualTo(PING);
        wire.frame(FINAL | PONG, new byte[0]);
      }
      assertThat(transport.size()).isEqualTo(1);

      assertThat(wire.frame().opcode()).isEqualTo(PING);
      assertThat(wire.frame().opcode()).as("no answer").isEqualTo(CLOSE);
      assertThat(wire.atEnd()).isTrue();
      assertThat(next()).isEqualTo("closed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "WSS"})
  @Spec("RFC 6455 §7.4.1")
  void aServerThatStopsTellsItsWebSockets1001(String name) throws Exception {
    TcpTransport transport = transport(limits(LONG, LONG, LONG));
    try (WebSocketWire wire = upgraded(transport, name)) {
      transport.close();

      WebSocketWire.Frame close = wire.frame();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat((close.payload()[0] & 0xFF) << 8 | close.payload()[1] & 0xFF).isEqualTo(1001);
      assertThat(wire.atEnd()).isTrue();
    }
  }

  @Test
  void oneNetworkOfIpv6IsOneSource() throws Exception {
    Sources sources = new Sources();

    assertThat(sources.add(InetAddress.getByName("2001:db8:1:2:3::1"))).isEqualTo(1);
    assertThat(sources.add(InetAddress.getByName("2001:db8:1:2:4::1"))).isEqualTo(2);
    assertThat(sources.add(InetAddress.getByName("2001:db8:1:3::1"))).isEqualTo(1);
    assertThat(sources.add(InetAddress.getByName("192.0.2.1"))).isEqualTo(1);
    assertThat(sources.add(InetAddress.getByName("192.0.2.2"))).isEqualTo(1);
    sources.remove(InetAddress.getByName("2001:db8:1:2:5::1"));
    assertThat(sources.add(InetAddress.getByName("2001:db8:1:2::"))).isEqualTo(2);
  }

  @Test
  void theLimitOfASourceHoldsOverAllTransports() throws Exception {
    TcpTransport transport =
        transport(new TcpTransport.Limits(1_000, LONG, LONG, 2, 100, LONG, LONG));
    try (WebSocketWire one = upgraded(transport, "WS");
        Socket two = TestTls.connect(address(transport, "TLS"));
        Socket three = socket(address(transport, "TCP"))) {
      assertThat(three.getInputStream().read()).isEqualTo(-1);
      assertThat(next()).isEqualTo("Too Many Connections");
    }
  }

  @Test
  @Spec("RFC 5922 §7.3")
  void aServerThatShowsAnotherNameGetsNothing() throws Exception {
    TcpTransport ours = transport(limits(LONG, LONG, LONG));
    TcpTransport peer = transport(limits(LONG, LONG, LONG));
    InetSocketAddress there = address(peer, "TLS");

    ours.connectionTo(Flow.Transport.TLS, there, "sip.test").write(message(), failing());
    assertThat(next()).isEqualTo("message");
    assertThat(flows.remove().transport()).isEqualTo(Flow.Transport.TLS);

    CompletableFuture<String> failed = new CompletableFuture<>();
    ours.connectionTo(Flow.Transport.TLS, there, "other.test")
        .write(message(), () -> failed.complete("failed"));

    assertThat(failed.get(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("failed");
    assertThat(next()).isEqualTo("TLS Failed");
  }

  @Test
  void aConnectionIsUsedAgainForTheSameHostOnly() throws Exception {
    TcpTransport ours = transport(limits(LONG, LONG, LONG));
    InetSocketAddress there = address(transport(limits(LONG, LONG, LONG)), "TLS");

    TcpConnection first = ours.connectionTo(Flow.Transport.TLS, there, "sip.test");

    assertThat(ours.connectionTo(Flow.Transport.TLS, there, "sip.test")).isSameAs(first);
    assertThat(ours.connectionTo(Flow.Transport.TLS, there, "127.0.0.1")).isNotSameAs(first);
  }

  @Test
  @Spec("RFC 7118 §5")
  void weOpenNoWebSocket() throws Exception {
    TcpTransport ours = transport(limits(LONG, LONG, LONG));

    assertThatThrownBy(() -> ours.connectionTo(Flow.Transport.WS, address(ours, "WS"), "127.0.0.1"))
        .isInstanceOf(IOException.class)
        .hasMessage("cannot connect over WS");
  }

  private static byte[] message() {
    return "A b SIP/2.0\r\nl: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
  }

  private Runnable failing() {
    return () -> told.add("unsent");
  }

  @Override
  public void message(Flow flow, byte[] message, Runnable done) {
    flows.add(flow);
    told.add("message");
    done.run();
  }

  @Override
  public void oversize(Flow flow, byte[] head, boolean close) {
    told.add("oversize");
  }

  @Override
  public void unframed(Flow flow, byte[] head, String reason) {
    told.add("unframed");
  }

  @Override
  public void hungUp(Flow flow, String reason) {
    told.add(reason);
  }

  @Override
  public void closed(Flow flow) {
    told.add("closed");
  }
}
