package io.continuo.scenarios;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// 1,000 SIP connections over TCP, 1,000 over TLS and 2,000 of MSRP at once: they cost no thread,
/// and nothing of them is left when they are closed.
class ManyConnectionsIT {
  private static final int TCP = 1_000;
  private static final int TLS = 1_000;
  private static final int MSRP = 2_000;

  /// What the first ones of each kind bring with them: classes, pools, caches.
  private static final int WARM_UP = 250;

  /// The JVM starts compiler and collector threads as it likes.
  private static final int THREADS_OF_THE_JVM = 10;

  /// Beside the connections: an open log segment, a pool's socket.
  private static final double LEFT_OVER = 1.10;

  /// Addresses of the loopback that connections come from, so that limits per source hold.
  private static final int SOURCES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private ServerProcess server;
  private final List<Socket> open = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server =
        ServerProcess.start(
            ServerSetup.in(directory)
                .subscriber("alice")
                .with("sip.transports", "[udp, tcp, tls]")
                .with("sip.tls-port", "0")
                // Nobody binds here: on a slow machine the first would be closed before the last.
                .with("msrp.bind-timeout", "10m"));
  }

  @AfterEach
  void stop() throws IOException {
    closeAll();
    server.close();
  }

  private void closeAll() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  @Test
  void theyCostNoThreadAndLeaveNothing() throws Exception {
    ProcessGauges gauges = new ProcessGauges(server.process().pid());
    long idle = gauges.fileDescriptors();
    connect(WARM_UP, WARM_UP, WARM_UP);
    closeAll();
    await().atMost(PATIENCE).until(() -> gauges.fileDescriptors() <= idle * LEFT_OVER);
    Reading before = Reading.of(gauges);

    connect(TCP, TLS, MSRP);
    Reading during = Reading.of(gauges);
    closeAll();
    await()
        .atMost(PATIENCE)
        .until(() -> gauges.fileDescriptors() <= before.fileDescriptors() * LEFT_OVER);
    // Transactions live on for their timers, 32 s at most (RFC 3261 §17).
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(3))
        .untilAsserted(() ->
            assertThat(gauges.liveHeap())
                .as("live heap, %d before", before.liveHeap())
                .isLessThanOrEqualTo((long) (before.liveHeap() * LEFT_OVER)));
    Reading after = Reading.of(gauges);

    System.out.println("before " + before + "\nduring " + during + "\nafter  " + after);
    assertThat(during.fileDescriptors() - before.fileDescriptors())
        .as("all are open at once")
        .isGreaterThanOrEqualTo(TCP + TLS + MSRP);
    assertThat(during.threads() - before.threads())
        .as("threads for %d connections", TCP + TLS + MSRP)
        .isLessThanOrEqualTo(THREADS_OF_THE_JVM);
    assertThat(after.fileDescriptors())
        .as("file descriptors")
        .isLessThanOrEqualTo((long) (before.fileDescriptors() * LEFT_OVER));
  }

  private record Reading(long threads, long fileDescriptors, long liveHeap) {
    static Reading of(ProcessGauges gauges) throws IOException {
      return new Reading(gauges.threads(), gauges.fileDescriptors(), gauges.liveHeap());
    }
  }

  /// Opens connections of each kind; each is used once and stays.
  private void connect(int tcp, int tls, int msrp) throws IOException {
    InetSocketAddress sip = server.addresses().sip();
    InetSocketAddress secure = server.addresses().named("sip-tls");
    for (int i = 0; i < tcp; i++) {
      asksForOptions(opened(sip, i), "TCP", i);
    }
    for (int i = 0; i < tls; i++) {
      asksForOptions(TlsClient.over(opened(secure, i)), "TLS", i);
    }
    for (int i = 0; i < msrp; i++) {
      bindsNothing(opened(server.addresses().msrp(), i), i);
    }
  }

  private Socket opened(InetSocketAddress to, int number) throws IOException {
    Socket socket = new Socket();
    open.add(socket);
    socket.bind(new InetSocketAddress("127.0.0." + (2 + number % SOURCES), 0));
    socket.connect(to, (int) PATIENCE.toMillis());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private static void asksForOptions(Socket socket, String transport, int number)
      throws IOException {
    String address = socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    String request =
        """
        OPTIONS sip:continuo.test SIP/2.0
        Via: SIP/2.0/%s %s;branch=z9hG4bK%s%d;rport
        Max-Forwards: 70
        From: <sip:alice@continuo.test>;tag=%d
        To: <sip:continuo.test>
        Call-ID: %s-%d@%s
        CSeq: 1 OPTIONS
        Content-Length: 0

        """
            .formatted(transport, address, transport, number, number, transport, number, address);
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    assertThat(readUntil(socket, "\r\n\r\n")).matches("(?s)SIP/2.0 (200|401) .*");
  }

  /// A SEND to a session that there is not is answered 481 (RFC 4975 §7.3.1).
  private void bindsNothing(Socket socket, int number) throws IOException {
    InetSocketAddress here = server.addresses().msrp();
    String request =
        """
        MSRP bind%d SEND
        To-Path: msrp://127.0.0.1:%d/nosession;tcp
        From-Path: msrp://127.0.0.1:9/nobody;tcp
        Message-ID: m%d
        Byte-Range: 1-0/0
        -------bind%d$
        """
            .formatted(number, here.getPort(), number, number);
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    assertThat(readUntil(socket, "-------bind" + number + "$\r\n")).contains(" 481");
  }

  private static String readUntil(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    byte[] some = new byte[1_024];
    while (text.indexOf(end) < 0) {
      int read = in.read(some);
      if (read < 0) {
        throw new AssertionError("closed after <" + text + ">");
      }
      text.append(new String(some, 0, read, US_ASCII));
    }
    return text.toString();
  }
}
