package io.continuo.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.Flow;
import io.continuo.sip.SipTransports;
import io.continuo.sip.testing.TextPeer;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpTransportTest implements TransportEvents {
  private final EventLoopGroup loops = SocketKind.BEST.loops(1, "test");
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> open = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final TcpTransport.Limits LIMITS =
      new TcpTransport.Limits(1_000, LONG, LONG, 10, 10, LONG, LONG);

  private TcpTransport transport(TcpTransport.Limits limits) throws Exception {
    TcpTransport transport =
        new TcpTransport(loops, SocketKind.BEST, this, limits, SipTransports.PLAIN);
    transport.listen(Flow.Transport.TCP, new InetSocketAddress("127.0.0.1", 0));
    transport.open();
    return transport;
  }

  private static int port(TcpTransport transport) {
    return transport.address(Flow.Transport.TCP).orElseThrow().getPort();
  }

  @Test
  void aConnectionThatCarriesNothingIsClosed() throws Exception {
    Duration brief = Duration.ofMillis(50);
    TcpTransport transport =
        transport(new TcpTransport.Limits(1_000, LONG, LONG, 10, 10, brief, LONG));
    try (Socket idle = new Socket("127.0.0.1", port(transport))) {
      idle.setSoTimeout(TextPeer.READ_MILLIS);
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(told.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("closed");
    }
    transport.close();
  }

  @Test
  void oneConnectionTooManyIsClosedWhoeverItIsFrom() throws Exception {
    TcpTransport transport =
        transport(new TcpTransport.Limits(1_000, LONG, LONG, 10, 1, LONG, LONG));
    int port = port(transport);
    try (Socket first = new Socket("127.0.0.1", port);
        Socket second = new Socket()) {
      first.getOutputStream().write("A b SIP/2.0\r\nl: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(next()).isNotNull();
      second.bind(new InetSocketAddress("127.0.0.2", 0));
      second.connect(new InetSocketAddress("127.0.0.1", port));
      second.setSoTimeout(TextPeer.READ_MILLIS);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
      assertThat(told.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS))
          .isEqualTo("Too Many Connections");
    }
    transport.close();
  }

  @Test
  void aMessageThatNeverEndsClosesItsConnection() throws Exception {
    TcpTransport transport =
        transport(new TcpTransport.Limits(1_000, Duration.ofSeconds(1), LONG, 10, 10, LONG, LONG));
    try (Socket slow = new Socket("127.0.0.1", port(transport))) {
      slow.getOutputStream().write("OPTIONS sip:x SIP/2.0\r\nVi".getBytes(StandardCharsets.UTF_8));
      assertThat(told.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS))
          .isEqualTo("Message Took Too Long");
      assertThat(told.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo("closed");
      slow.setSoTimeout(TextPeer.READ_MILLIS);
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
    transport.close();
  }

  /// What one read of the socket may bring beyond the limit.
  private static final int ONE_READ = 65_536;

  private static final int TURNS = 100;

  @Test
  void aConnectionWithTooManyUnfinishedMessagesIsNotReadUntilTheyAreDone() throws Exception {
    TcpTransport transport = transport(LIMITS);
    byte[] one = "A b SIP/2.0\r\nl: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8);
    int sent = 50_000;
    byte[] all = new byte[sent * one.length];
    for (int i = 0; i < sent; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    try (Socket fast = new Socket("127.0.0.1", port(transport))) {
      Thread.ofVirtual().start(() -> write(fast, all));
      Awaitility.await()
          .atMost(Duration.ofMillis(TextPeer.READ_MILLIS))
          .until(() -> open.size() >= TcpConnection.MAX_OPEN_MESSAGES);
      theLoopTurns();
      assertThat(open.size())
          .isLessThanOrEqualTo(TcpConnection.MAX_OPEN_MESSAGES + 2 * ONE_READ / one.length);

      int taken = 0;
      for (Runnable done = next(); done != null; done = taken < sent ? next() : null) {
        taken++;
        done.run();
      }
      assertThat(taken).isEqualTo(sent);
    }
    transport.close();
  }

  /// So often that all bytes that are there would have been read: 16 times in a turn, were it read.
  private void theLoopTurns() throws Exception {
    for (int turn = 0; turn < TURNS; turn++) {
      loops.submit(() -> {}).get(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      throw new UncheckedIOException(closed);
    }
  }

  private Runnable next() throws InterruptedException {
    return open.poll(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void message(Flow flow, byte[] message, Runnable done) {
    open.add(done);
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
