package io.continuo.sip.jain;

import static io.continuo.sip.testing.WebSocketWire.BINARY;
import static io.continuo.sip.testing.WebSocketWire.CLOSE;
import static io.continuo.sip.testing.WebSocketWire.CONTINUATION;
import static io.continuo.sip.testing.WebSocketWire.FINAL;
import static io.continuo.sip.testing.WebSocketWire.PING;
import static io.continuo.sip.testing.WebSocketWire.PONG;
import static io.continuo.sip.testing.WebSocketWire.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TestTls;
import io.continuo.sip.testing.WebSocketWire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// SIP over WebSocket, spoken frame by frame.
class WebSocketTest extends EndpointTest {
  private static final String SIP = "Sec-WebSocket-Protocol: sip\r\n";
  private static final String UPGRADE =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

  private WebSocketWire connected(SipEndpoint endpoint, String transport) throws IOException {
    InetSocketAddress server = endpoint.address(Flow.Transport.valueOf(transport));
    Socket socket =
        transport.equals("WSS")
            ? TestTls.connect(server)
            : new Socket(server.getAddress(), server.getPort());
    return closing(new WebSocketWire(socket, transport));
  }

  private WebSocketWire upgraded() throws IOException {
    WebSocketWire wire = connected(endpoint(), "WS");
    assertThat(wire.upgrade(SIP)).startsWith("HTTP/1.1 101");
    return wire;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String options(String transport, String callId, String more) {
    return ("OPTIONS sip:continuo.test SIP/2.0\r\nVia: SIP/2.0/%s df7jal23ls0d.invalid;branch=z9hG4bK%s\r\n"
            + "Max-Forwards: 70\r\nFrom: <sip:alice@continuo.test>;tag=1\r\nTo: <sip:continuo.test>\r\n"
            + "Call-ID: %s\r\nCSeq: 1 OPTIONS\r\n%s\r\n")
        .formatted(transport, callId, callId, more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "WSS"})
  @Spec("RFC 7118 §4")
  void theSubprotocolIsChosen(String transport) throws IOException {
    WebSocketWire wire = connected(endpoint(), transport);

    assertThat(wire.upgrade("Sec-WebSocket-Protocol: msrp, sip\r\n"))
        .startsWith("HTTP/1.1 101")
        .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        .containsIgnoringCase("sec-websocket-protocol: sip\r\n");
  }

  @Test
  @Spec("RFC 6455 §11.3.4")
  void theSubprotocolIsChosenFromSeveralLines() throws IOException {
    WebSocketWire wire = connected(endpoint(), "WS");

    assertThat(wire.upgrade("Sec-WebSocket-Protocol: msrp\r\n" + SIP))
        .startsWith("HTTP/1.1 101")
        .containsIgnoringCase("sec-websocket-protocol: sip\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "'',400,No Subprotocol sip",
    "'Sec-WebSocket-Protocol: msrp\r\n',400,No Subprotocol sip",
    "'Sec-WebSocket-Protocol: SIP\r\n',400,No Subprotocol sip",
  })
  @Spec("RFC 7118 §4")
  void withoutTheSubprotocolThereIsNoWebSocket(String more, int status, String reason)
      throws IOException {
    WebSocketWire wire = connected(endpoint(), "WS");

    assertThat(wire.upgrade(more)).startsWith("HTTP/1.1 " + status);
    assertThat(wire.atEnd()).isTrue();
    assertThat(application.next()).isEqualTo("screened 0 " + reason);
    assertThat(application.next()).isEqualTo("closed");
  }

  @Test
  @Spec("RFC 6455 §4.2.2")
  void anotherPageThanThoseNamedIsRefused() throws IOException {
    SipEndpoint endpoint = endpoint(config(Set.of("https://chat.example.org")), CALM);

    WebSocketWire other = connected(endpoint, "WS");
    assertThat(other.upgrade(SIP + "Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403");
    assertThat(application.next()).isEqualTo("screened 0 WebSocket Origin");
    assertThat(connected(endpoint, "WS").upgrade(SIP + "Origin: https://chat.example.org\r\n"))
        .startsWith("HTTP/1.1 101");
    assertThat(connected(endpoint, "WS").upgrade(SIP)).startsWith("HTTP/1.1 101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: x\r\n" + UPGRADE + KEY + SIP + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + "Sec-WebSocket-Key: abc\r\n" + SIP + "\r\n",
        "GET / HTTP/1.1\r\n" + UPGRADE + KEY + SIP + "\r\n",
      })
  @Spec("RFC 6455 §4.2.1")
  void whatIsNoUpgradeIsRefusedInOneLine(String request) throws IOException {
    WebSocketWire wire = connected(endpoint(), "WS");

    wire.writeBytes(bytes(request));

    assertThat(wire.readHead()).matches("(?s)HTTP/1.1 4(00|26) .*");
    assertThat(wire.atEnd()).isTrue();
    assertThat(application.next()).isEqualTo("screened 0 No WebSocket on the WebSocket Port");
    assertThat(application.next()).isEqualTo("closed");
    assertThat(application.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-WebSocket-Key: abc\r\n", ""})
  @Spec("RFC 6455 §4.2.1")
  void anUpgradeWithoutAUsableKeyIs400(String key) throws IOException {
    WebSocketWire wire = connected(endpoint(), "WS");
    wire.writeBytes(bytes("GET / HTTP/1.1\r\nHost: x\r\n" + UPGRADE + key + SIP + "\r\n"));
    assertThat(wire.readHead()).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WS", "WSS"})
  @Spec("RFC 7118 §5.3")
  void aMessageNeedsNoContentLengthAndMayBeTextOrBinary(String transport) throws IOException {
    WebSocketWire wire = connected(endpoint(), transport);
    wire.upgrade(SIP);

    wire.frame(FINAL | TEXT, bytes(options(transport, "text", "")));
    assertThat(wire.frame().text()).startsWith("SIP/2.0 200").contains("Call-ID: text");
    wire.frame(FINAL | BINARY, bytes(options(transport, "binary", "")));
    assertThat(wire.frame().text())
        .startsWith("SIP/2.0 200")
        .contains("Call-ID: binary", "Via: SIP/2.0/" + transport + " df7jal23ls0d.invalid");
  }

  @Test
  @Spec("RFC 7118 §5")
  void aBodyWithoutContentLengthIsTheRestOfTheMessage() throws Exception {
    application.onRequest =
        request ->
            request.respond(new SipResponse(200, "", SipHeaders.NONE, request.request().body()));
    WebSocketWire wire = upgraded();

    wire.frame(
        FINAL | TEXT, bytes(options("WS", "body", "Content-Type: text/plain\r\n") + "h\u00e9llo"));

    assertThat(wire.frame().text()).startsWith("SIP/2.0 200").endsWith("\r\n\r\nh\u00e9llo");
  }

  @Test
  @Spec("RFC 6455 §5.6")
  void whatIsNoUtf8IsSentInABinaryFrame() throws Exception {
    application.onRequest =
        request ->
            request.respond(new SipResponse(200, "", SipHeaders.NONE, new byte[] {(byte) 0xFF}));
    WebSocketWire wire = upgraded();

    wire.frame(FINAL | TEXT, bytes(options("WS", "raw", "")));

    assertThat(wire.frame().opcode()).isEqualTo(BINARY);
  }

  @Test
  @Spec("RFC 6455 §5.4")
  void aMessageMayComeInFragmentsWithAPingBetween() throws IOException {
    WebSocketWire wire = upgraded();
    byte[] message = bytes(options("WS", "parts", ""));

    wire.frame(TEXT, Arrays.copyOf(message, 40));
    wire.frame(FINAL | PING, bytes("between"));
    assertThat(wire.frame()).matches(f -> f.opcode() == PONG && f.text().equals("between"));
    wire.frame(CONTINUATION, Arrays.copyOfRange(message, 40, 50));
    wire.frame(FINAL | CONTINUATION, Arrays.copyOfRange(message, 50, message.length));

    assertThat(wire.frame().text()).startsWith("SIP/2.0 200").contains("Call-ID: parts");
  }

  @Test
  @Spec("RFC 7118 §6")
  @Spec("RFC 5626 §4.4.1")
  void aKeepAliveOfLineBreaksIsAnsweredByOne() throws IOException {
    WebSocketWire wire = upgraded();

    wire.frame(FINAL | TEXT, bytes("\r\n\r\n"));
    assertThat(wire.frame().text()).isEqualTo("\r\n");
    wire.frame(FINAL | TEXT, bytes("\r\n"));
    wire.frame(FINAL | TEXT, bytes(options("WS", "after", "")));
    assertThat(wire.frame().text()).startsWith("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r\n\r\n", "\n\n"})
  @Spec("RFC 3261 §7.5")
  void lineBreaksBeforeAMessageAreNoReasonToDropIt(String before) throws IOException {
    WebSocketWire wire = upgraded();
    wire.frame(FINAL | TEXT, bytes(before + options("WS", "late", "")));
    assertThat(wire.frame().text()).startsWith("SIP/2.0 200").contains("Call-ID: late");
  }

  @Test
  @Spec("RFC 6455 §7.4.1")
  void aMessageThatIsTooLargeClosesWith1009() throws IOException {
    WebSocketWire wire = upgraded();

    wire.frame(FINAL | TEXT, new byte[65_500]);

    WebSocketWire.Frame close = wire.frame();
    assertThat(close.opcode()).isEqualTo(CLOSE);
    assertThat((close.payload()[0] & 0xFF) << 8 | close.payload()[1] & 0xFF).isEqualTo(1009);
    assertThat(wire.atEnd()).isTrue();
    assertThat(application.next()).isEqualTo("screened 0 Message Too Large");
  }

  @Test
  @Spec("RFC 6455 §5.4")
  void fragmentsThatAreTooLargeTogetherCloseAsWell() throws IOException {
    WebSocketWire wire = upgraded();

    wire.frame(TEXT, new byte[40_000]);
    wire.frame(CONTINUATION, new byte[40_000]);

    assertThat(wire.frame().opcode()).isEqualTo(CLOSE);
    assertThat(application.next()).isEqualTo("screened 0 Message Too Large");
  }

  @Test
  @Spec("RFC 6455 §5.1")
  void aFrameWithoutMaskClosesItsConnection() throws IOException {
    WebSocketWire wire = upgraded();

    wire.writeBytes(new byte[] {(byte) (FINAL | TEXT), 2, 'h', 'i'});

    assertThat(wire.frame().opcode()).isEqualTo(CLOSE);
    assertThat(application.next()).isEqualTo("screened 0 Malformed WebSocket Frame");
  }

  @Test
  @Spec("RFC 6455 §5.5.1")
  void aCloseIsAnsweredAndTheFlowEnds() throws IOException {
    WebSocketWire wire = upgraded();

    wire.frame(FINAL | CLOSE, new byte[] {3, (byte) 0xE8});

    assertThat(wire.frame().opcode()).isEqualTo(CLOSE);
    assertThat(wire.atEnd()).isTrue();
    assertThat(application.next()).isEqualTo("closed");
  }
}
