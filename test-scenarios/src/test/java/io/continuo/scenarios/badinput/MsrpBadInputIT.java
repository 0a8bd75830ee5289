package io.continuo.scenarios.badinput;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Happening;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.MethodSource;

/// Bad MSRP against the server, from Carol's device: its session was agreed by the reference device
/// and is then spoken by hand. Alice and Bob chat all the time.
class MsrpBadInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECTIONS_PER_SOURCE = 2_000;

  @TempDir private static Path directory;
  private static ServerProcess server;
  private static Witness witness;
  private static RefusalWatch refusals;
  private static Chat carols;
  private static int said;

  private RawMsrp carol;

  @BeforeAll
  static void begin() throws IOException {
    server =
        ServerProcess.start(
            ServerSetup.in(directory)
                .with("msrp.max-message", "64KiB")
                .with("msrp.reassembly-per-leg", "64KiB")
                .with("msrp.bind-timeout", "3s")
                .subscriber("alice")
                .subscriber("bob")
                .subscriber("carol"));
    witness = new Witness(server.addresses().sip());
    carols = witness.registered("carol").invite(Witness.address("bob"));
    carols.awaitEstablished();
    carols.dropConnection();
    refusals = new RefusalWatch(server);
  }

  @BeforeEach
  void carolBinds() {
    carol = new RawMsrp(server.addresses().msrp());
    assertThat(carol.asks(send(""))).isEqualTo(200);
  }

  @AfterEach
  void everySessionGoesOn() {
    carol.close();
    witness.goesOn();
  }

  @AfterAll
  static void end() {
    try (ServerProcess stopped = server;
        Witness closed = witness) {
      closed.lostNothing();
      assertThat(closed.bob().mailbox().received())
          .filteredOn(message -> message.text().startsWith("good "))
          .extracting(ChatMessage::text)
          .containsExactlyElementsOf(
              Stream.iterate(1, n -> n + 1).limit(said).map(n -> "good " + n).toList());
      assertThat(stopped.output()).noneMatch(line -> line.contains(" ERROR "));
    }
  }

  private static String send(String rest) {
    return RawMsrp.request("SEND", path(carols), carols.msrp().path(), rest);
  }

  /// The server's path of a chat.
  private static String path(Chat chat) {
    return chat.peer().orElseThrow().path().getFirst();
  }

  private static void carolStillChats(RawMsrp connection) {
    String text = "good " + ++said;
    String good = "Message-ID: good%d\r\nContent-Type: text/plain\r\n\r\n%s".formatted(said, text);
    assertThat(connection.asks(send(good))).isEqualTo(200);
    witness
        .bob()
        .mailbox()
        .take(Happening.Received.class, r -> r.message().text().equals(text), PATIENCE, text);
  }

  private static String to(MsrpRow.Path whose) {
    return switch (whose) {
      case OWN -> path(carols);
      case ALICE -> path(witness.chat());
      case NOBODY -> path(carols).replaceAll("/[^/;]+;", "/nobody-knows-this-session;");
    };
  }

  private static String from(MsrpRow.Path whose) {
    return (whose == MsrpRow.Path.ALICE ? witness.chat() : carols).msrp().path();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.continuo.scenarios.badinput.MsrpRow#all")
  @Spec("RFC 4975 §7.3.1")
  void aBadRequestIsRefusedAndItsSessionGoesOn(MsrpRow row, TestReporter reporter) {
    String request = RawMsrp.request(row.method(), to(row.to()), from(row.from()), row.rest());

    assertThat(carol.asks(request)).isEqualTo(row.status());

    refusals.sees(1, "status=" + row.status() + " reason=" + row.reason());
    carolStillChats(carol);
    reporter.publishEntry("observed", row.name() + ": " + row.status());
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aSessionThatIsBoundElsewhereIsNotTakenOver(TestReporter reporter) {
    try (RawMsrp thief = new RawMsrp(server.addresses().msrp())) {
      String bind = RawMsrp.request("SEND", path(witness.chat()), witness.chat().msrp().path(), "");

      assertThat(thief.asks(bind)).isEqualTo(506);

      refusals.sees(1, "status=506 reason=bound elsewhere");
      carolStillChats(carol);
      reporter.publishEntry("observed", "506");
    }
    refusals.begin();
  }

  /// Whole messages that nobody can be told of as bad: there is nowhere to answer to, or it is no
  /// request.
  private static Stream<Arguments> unanswerable() {
    String paths = "To-Path: msrp://127.0.0.1:9/a;tcp\r\nFrom-Path: msrp://127.0.0.1:9/b;tcp\r\n";
    String end = "-------abcd1234$\r\n";
    return Stream.of(
        Arguments.of("no paths", "MSRP abcd1234 SEND\r\n" + end),
        Arguments.of("bad From-Path", "MSRP abcd1234 SEND\r\nFrom-Path: sip:x\r\n" + end),
        Arguments.of("REPORT without paths", "MSRP abcd1234 REPORT\r\nStatus: 000 200\r\n" + end),
        Arguments.of(
            "end-line of another",
            "MSRP abcd1234 REPORT\r\n" + paths + "-------wxyz$\r\nMore\r\n" + end),
        Arguments.of(
            "response with a body", "MSRP abcd1234 200 OK\r\n" + paths + "\r\nx\r\n" + end));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unanswerable")
  @Spec("RFC 4975 §7.1")
  void aMessageThatIsNotUnderstoodCostsNothingElse(
      String name, String message, TestReporter reporter) {
    carol.says(message);

    refusals.sees(1, "status=400 reason=malformed message");
    carolStillChats(carol);
    reporter.publishEntry("observed", name + ": passed over");
  }

  private static Stream<Arguments> garbage() {
    String paths = "To-Path: msrp://127.0.0.1:9/a;tcp\r\nFrom-Path: msrp://127.0.0.1:9/b;tcp\r\n";
    return Stream.of(
        Arguments.of("HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        Arguments.of("SIP", "OPTIONS sip:continuo.test SIP/2.0\r\n\r\n"),
        Arguments.of("zeros", "\0".repeat(5_000)),
        Arguments.of("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
        Arguments.of("no method", "MSRP abcd1234\r\n"),
        Arguments.of("LF alone", "MSRP abcd1234 SEND\n" + paths),
        Arguments.of(
            "10,000 headers", "MSRP abcd1234 SEND\r\n" + paths + "X: y\r\n".repeat(10_000)),
        Arguments.of("1 MB without CRLF", "MSRP " + "x".repeat(1 << 20)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("garbage")
  @Spec("RFC 4975 §9")
  void garbageClosesItsConnectionOnly(String name, String bytes, TestReporter reporter) {
    try (RawMsrp unbound = new RawMsrp(server.addresses().msrp())) {
      assertThat(unbound.isHungUpOn(bytes.getBytes(ISO_8859_1))).isTrue();
    }
    refusals.sees(1, "status=400 reason=malformed");

    assertThat(carol.isHungUpOn(bytes.getBytes(ISO_8859_1))).isTrue();

    refusals.sees(1, "status=400 reason=malformed");
    witness.goesOn();
    try (RawMsrp again = new RawMsrp(server.addresses().msrp())) {
      assertThat(again.asks(send(""))).isEqualTo(200);
      carolStillChats(again);
    }
    reporter.publishEntry("observed", name + ": closed");
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void connectionsThatBindNothingAreClosedInTime(TestReporter reporter) {
    List<RawMsrp> halves = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      RawMsrp half = new RawMsrp(server.addresses().msrp());
      half.says(i % 2 == 0 ? "" : "MSRP abcd SEND\r\nTo-Pa");
      halves.add(half);
    }
    carolStillChats(carol);
    assertThat(halves).allMatch(half -> half.isHungUpOn(new byte[0]));
    refusals.sees(halves.size(), "status=408 reason=no session in time");
    halves.forEach(RawMsrp::close);
    reporter.publishEntry("observed", halves.size() + " closed");
  }

  @Test
  void aFloodOfConnectionsEndsAtTheLimitOfItsSource() throws IOException {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS_PER_SOURCE + 10; i++) {
        flood.add(SipBadInputIT.connected("127.0.0.9", server.addresses().msrp()));
      }
      carolStillChats(carol);
      witness.goesOn();
      assertThat(
              server.process().awaitLine(line -> line.contains("too many connections"), PATIENCE))
          .isPresent();
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
    }
    refusals.begin();
  }
}
