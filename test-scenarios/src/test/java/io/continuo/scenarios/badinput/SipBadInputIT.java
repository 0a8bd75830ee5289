package io.continuo.scenarios.badinput;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import io.continuo.scenarios.badinput.RawSip.Over;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bad SIP against the server, over UDP and TCP. One server and one chat for all of it: the chat is
/// opened before and goes on after every row.
class SipBadInputIT {
  private static final String SERVER = "sip:" + ServerSetup.DOMAIN;
  private static final int CONNECTIONS_PER_SOURCE = 2_000;

  @TempDir private static Path directory;
  private static ServerProcess server;
  private static Witness witness;
  private static RefusalWatch refusals;

  @BeforeAll
  static void begin() throws IOException {
    server =
        ServerProcess.start(
            ServerSetup.in(directory)
                .with("registrar.max-devices", "3")
                .with("auth.failure-limit", "1000")
                .subscriber("alice")
                .subscriber("bob")
                .subscriber("carol")
                .subscriber("dave"));
    witness = new Witness(server.addresses().sip());
    refusals = new RefusalWatch(server);
  }

  /// What a row before this one left over is not held against it.
  @BeforeEach
  void fromHere() {
    refusals.begin();
  }

  @AfterEach
  void theChatGoesOn() {
    witness.goesOn();
  }

  @AfterAll
  static void end() {
    try (ServerProcess stopped = server;
        Witness closed = witness) {
      closed.lostNothing();
      assertThat(stopped.output()).noneMatch(line -> line.contains(" ERROR "));
    }
  }

  private static RawSip peer(Over over) {
    return RawSip.to(server.addresses().sip(), over);
  }

  /// Credentials cost a challenge, which is a refusal of its own.
  private static RawRequest proven(RawSip peer, RawRequest request, String user) {
    String challenge = peer.asks(peer.request("REGISTER", SERVER));
    refusals.sees(1, "status=401 reason=no credentials");
    return request.provenBy(user, ServerSetup.passwordOf(user), challenge);
  }

  private static Stream<Arguments> rowsOverBoth() {
    return SipRow.all()
        .flatMap(row -> Stream.of(Over.values()).map(over -> Arguments.of(row, over)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("rowsOverBoth")
  @Spec("RFC 3261 §8.2")
  void isRefusedOnceWithACleanAnswerALogLineAndACount(
      SipRow row, Over over, TestReporter reporter) {
    try (RawSip peer = peer(over)) {
      RawRequest request = row.spoil().apply(peer, (asked, user) -> proven(peer, asked, user));

      String answer = peer.asks(request);

      assertThat(answer).matches("(?s)SIP/2\\.0 " + row.status() + " [A-Za-z0-9/ -]+\r\n.*");
      if (!row.header().isEmpty()) {
        assertThat(RawRequest.value(answer, row.header())).isNotEmpty();
      }
      refusals.sees(1, "status=" + row.status() + " reason=" + row.reason());
      reporter.publishEntry("observed", row.name() + ": " + row.status());
    }
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  @Spec("RFC 3261 §8.1.1.8")
  void junkIsNotAnsweredAndCounted(Over over, TestReporter reporter) {
    try (RawSip peer = peer(over);
        RawSip good = peer(over)) {
      peer.says("GARBAGE\r\n\r\n");
      refusals.sees(1, "status=0 reason=Malformed Request-Line");
      peer.says("SIP/2.0 9 x\r\nVia: z\r\n\r\n");
      refusals.sees(1, "status=0 reason=Malformed Response");
      assertThat(good.asks(good.request("OPTIONS", SERVER))).startsWith("SIP/2.0 200 ");
      reporter.publishEntry("observed", "no answer, 2 log lines, then 200 to OPTIONS of another");
    }
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  @Spec("RFC 3261 §10.2.1")
  void oneDeviceTooManyGetsAWarning(Over over, TestReporter reporter) {
    try (RawSip peer = peer(over)) {
      for (int device = 0; device < 3; device++) {
        RawRequest one = proven(peer, device(peer, over + "-" + device), "dave");
        assertThat(peer.asks(one)).startsWith("SIP/2.0 200 ");
      }

      String answer = peer.asks(proven(peer, device(peer, over + "-4"), "dave"));

      assertThat(answer).startsWith("SIP/2.0 403 ");
      assertThat(RawRequest.value(answer, "Warning")).contains("399").contains("too many devices");
      refusals.sees(1, "status=403 reason=too many devices");
      reporter.publishEntry("observed", "3 × 200 to REGISTER, 403 with Warning 399");
      RawRequest none =
          device(peer, "x").without("Contact").with("Contact", "*").with("Expires", "0");
      assertThat(peer.asks(proven(peer, none, "dave"))).startsWith("SIP/2.0 200 ");
    }
  }

  private static RawRequest device(RawSip peer, String name) {
    String dave = "<" + Witness.address("dave") + ">";
    return peer.request("REGISTER", SERVER)
        .saying("From", dave + ";tag=1")
        .saying("To", dave)
        .saying("Contact", "<sip:dave@127.0.0.1:9>;+sip.instance=\"<urn:uuid:" + name + ">\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"REGISTER", "MESSAGE", "OPTIONS", "INVITE"})
  @Spec("RFC 3261 §26.3.2.1")
  void knownAndUnknownUsersGetTheSameAnswer(String method, TestReporter reporter) {
    for (Over over : Over.values()) {
      assertThat(shape(over, method, "carol", false))
          .isEqualTo(shape(over, method, "caril", false));
      assertThat(shape(over, method, "carol", true)).isEqualTo(shape(over, method, "caril", true));
      String status = shape(over, method, "caril", true).substring("SIP/2.0 ".length(), 11);
      reporter.publishEntry("observed", status + " to " + method + " of either");
    }
  }

  /// The answer, with everything that is random or the user's name taken out.
  private static String shape(Over over, String method, String user, boolean guessing) {
    try (RawSip peer = peer(over)) {
      String challenge = peer.asks(peer.request("REGISTER", SERVER));
      String own = "<" + Witness.address(user) + ">";
      RawRequest request =
          peer.request(method, method.equals("REGISTER") ? SERVER : Witness.address("bob"))
              .saying("From", own + ";tag=1")
              .saying("Call-ID", "same-" + System.nanoTime());
      request = method.equals("REGISTER") ? request.saying("To", own) : request;
      RawRequest asked = guessing ? request.provenBy(user, "a guess", challenge) : request;
      String answer = peer.asks(asked);
      refusals.begin();
      return answer
          .replace(asked.value("Call-ID"), "")
          .replaceAll("(?im)^Via:.*$", "Via")
          .replaceAll(";tag=[^\r;]*", ";tag")
          .replaceAll("(nonce|opaque)=\"([^\"]*)\"", "$1")
          .replace(user, "user");
    }
  }

  @Test
  void aMegabyteWithoutALineEndIsRefusedAndItsConnectionClosed() {
    try (RawSip peer = peer(Over.TCP)) {
      byte[] endless = "OPTIONS sip:%s".formatted("x".repeat(1 << 20)).getBytes(US_ASCII);
      assertThat(peer.isHungUpOn(endless)).isTrue();
      refusals.sees(1, "status=0 reason=Message Too Large");
    }
  }

  @Test
  @Spec("RFC 3261 §18.3")
  void halfAMessageDisturbsNobody(TestReporter reporter) {
    List<RawSip> halves = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      RawSip half = peer(Over.TCP);
      half.says("OPTIONS sip:continuo.test SIP/2.0\r\nVi");
      halves.add(half);
    }
    try (RawSip good = peer(Over.TCP)) {
      assertThat(good.asks(good.request("OPTIONS", SERVER))).startsWith("SIP/2.0 200 ");
    }
    witness.goesOn();
    halves.forEach(RawSip::close);
    refusals.sees(0, "");
    reporter.publishEntry("observed", halves.size() + " halves, 200 to OPTIONS of another");
  }

  @Test
  void aFloodOfConnectionsEndsAtTheLimitOfItsSource() throws IOException {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS_PER_SOURCE + 10; i++) {
        flood.add(connected("127.0.0.9", server.addresses().sip()));
      }
      refusals.sees(10, "status=0 reason=Too Many Connections");
      int alive = 0;
      for (Socket socket : flood) {
        alive += pings(socket) ? 1 : 0;
      }
      assertThat(alive).isEqualTo(CONNECTIONS_PER_SOURCE);
      witness.goesOn();
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
    }
  }

  /// Whether a keep-alive is answered (RFC 5626 §4.4.1), and not the connection closed.
  private static boolean pings(Socket socket) throws IOException {
    try {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("\r\n\r\n".getBytes(US_ASCII));
      return socket.getInputStream().readNBytes(2).length == 2;
    } catch (SocketException reset) {
      return false;
    }
  }

  static Socket connected(String from, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(to);
    return socket;
  }
}
