package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every row of bad input, over both transports: one clean answer, one line told, and the endpoint
/// goes on.
class ScreeningTest extends EndpointTest {

  private record Row(String name, UnaryOperator<String> damage, String answer) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String from, String to, String answer) {
    return new Row(name, good -> good.replaceFirst("(?m)" + from, to), answer);
  }

  private static Stream<Row> rows() {
    return Stream.of(
        row("no From", "^From:.*\r\n", "", "400 Missing From"),
        row("no To", "^To:.*\r\n", "", "400 Missing To"),
        row("no Call-ID", "^Call-ID:.*\r\n", "", "400 Missing Call-ID"),
        row("no CSeq", "^CSeq:.*\r\n", "", "400 Missing CSeq"),
        row("no Max-Forwards", "^Max-Forwards:.*\r\n", "", "400 Missing Max-Forwards"),
        row("two From", "^(From:.*\r\n)", "$1$1", "400 Repeated From"),
        row("bad From", "^From:.*\r\n", "From: <<<>\r\n", "400 Malformed From"),
        row("bad To", "^To:.*\r\n", "To: \"unclosed <sip:b@x>\r\n", "400 Malformed To"),
        row("empty Call-ID", "^Call-ID:.*", "Call-ID:", "400 Malformed Call-ID"),
        row("Call-ID of two words", "^Call-ID:.*", "Call-ID: a b", "400 Malformed Call-ID"),
        row("CSeq text", "^CSeq:.*\r\n", "CSeq: x OPTIONS\r\n", "400 Malformed CSeq"),
        row("CSeq method", "^CSeq: 1 .*\r\n", "CSeq: 1 INFO\r\n", "400 CSeq Does Not Match"),
        row("CSeq huge", "^CSeq: 1 ", "CSeq: 4294967296 ", "400 CSeq Does Not Match"),
        row(
            "hops text",
            "^Max-Forwards:.*\r\n",
            "Max-Forwards: z\r\n",
            "400 Malformed Max-Forwards"),
        row("hops 256", "^Max-Forwards:.*", "Max-Forwards: 256", "400 Malformed Max-Forwards"),
        row("two hops", "^(Max-Forwards:.*\r\n)", "$1$1", "400 Repeated Max-Forwards"),
        row(
            "two types",
            "^To:",
            "Content-Type: text/plain\r\nc: application/sdp\r\nTo:",
            "400 Repeated Content-Type"),
        row("two Expires", "^To:", "Expires: 1\r\nExpires: 2\r\nTo:", "400 Repeated Expires"),
        row("http", "^OPTIONS sip:", "OPTIONS http:", "416 Unsupported URI Scheme"),
        row("no scheme of ours", "^OPTIONS sip:", "OPTIONS foo:", "416 Unsupported URI Scheme"),
        row("no colon", "^To:", "Nonsense\r\nTo:", "400 Malformed Header Field"),
        row("lone CR", "^To: ", "To: \r", "400 Malformed Header Field"),
        row("two spaces", "^OPTIONS ", "OPTIONS  ", "400 Malformed Request-Line"),
        row("a space first", "^OPTIONS", " OPTIONS", "400 Malformed Request-Line"),
        row("no version", " SIP/2.0\r\nVia", "\r\nVia", "400 Malformed Request-Line"),
        row("empty Via", "^(Via:.*)", "$1,", "400 Malformed Via"),
        row("Via port", "^Via:(.*)\r\n", "Via:$1\r\nVia: SIP/2.0/TCP h:0\r\n", "400 Malformed Via"),
        row("two branches", "^(Via:.*)", "$1;branch=z9hG4bK2", "400 Malformed Via"),
        row("many Vias", "^(Via:.*)", "$1" + ", SIP/2.0/TCP h".repeat(100), "400 Too Many Via"),
        row("blank in To", "^To:.*", "To: <sip:b@ x>", "400 Malformed To"),
        row("two names", "^From:.*", "From: A, B <sip:a@x>;tag=1", "400 Malformed From"),
        row("Route unclosed", "^To:", "Record-Route: <sip:x\r\nTo:", "400 Malformed Record-Route"),
        row("Route of tel", "^To:", "Record-Route: <tel:+1>\r\nTo:", "400 Malformed Record-Route"),
        row("Path in pieces", "^To:", "Path: <sip:p;lr>, x\r\nTo:", "400 Malformed Path"),
        row("bare query", "^To:(.*)", "Contact: sip:a@x?Route=y\r\nTo:$1", "400 Malformed Contact"),
        row(
            "headers in the URI",
            "^OPTIONS \\S+",
            "OPTIONS sip:a@b?To=c",
            "400 Malformed Request-Line"),
        row(
            "port in the URI",
            "^OPTIONS \\S+",
            "OPTIONS sip:a@b:99999",
            "400 Malformed Request-Line"),
        row(
            "negative length",
            "^Content-Length: 0",
            "Content-Length: -1",
            "400 Bad Content-Length"),
        row("length twice", "^(Content-Length: 0)", "$1\r\n$1", "400 Bad Content-Length"),
        row("length text", "^Content-Length: 0", "Content-Length: x", "400 Bad Content-Length"),
        row("SIP/7.0", "SIP/2.0\r\nVia", "SIP/7.0\r\nVia", "505 Version Not Supported"),
        new Row("new method", good -> good.replace("OPTIONS", "NEWMETHOD"), "501 Not Implemented"),
        new Row("PUBLISH", good -> good.replace("OPTIONS", "PUBLISH"), "405 Method Not Allowed"),
        row("Require", "^To:", "Require: gruu, x-new\r\nTo:", "420 Bad Extension"),
        new Row(
            "two Contacts",
            good ->
                good.replace("OPTIONS", "INVITE")
                    .replace("To:", "Contact: <sip:a@b>, <sip:c@d>\r\nTo:"),
            "400 Repeated Contact"),
        new Row(
            "long field",
            good -> good.replace("To: ", "X: " + ";a=b".repeat(3_000) + "\r\nTo: "),
            "400 Header Field Too Long"),
        new Row(
            "12,000 parameters",
            good -> good.replaceFirst("(?m)^To:(.*)", "To:$1" + ";a=b".repeat(12_000)),
            "400 Header Field Too Long"),
        new Row(
            "long folded field",
            good -> good.replace("To: ", "X: 1" + "\r\n 2345678".repeat(1_500) + "\r\nTo: "),
            "400 Header Field Too Long"),
        new Row(
            "many parameters",
            good -> good.replace("To: ", "Contact: <sip:a@b>" + ";a=b".repeat(129) + "\r\nTo: "),
            "400 Too Many Parameters"),
        new Row(
            "many fields",
            good -> good.replace("To: ", "X: 1\r\n".repeat(300) + "To: "),
            "400 Too Many Header Fields"));
  }

  private static Stream<Arguments> rowsOverBoth() {
    return rows().flatMap(r -> Stream.of(Arguments.of(r, "UDP"), Arguments.of(r, "TCP")));
  }

  private static String good(TextPeer peer, String callId) {
    return peer.request("OPTIONS", "sip:continuo.test", callId, 1, "").replace("\n", "\r\n")
        + "\r\nContent-Length: 0\r\n\r\n";
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rowsOverBoth")
  @Spec("RFC 3261 §8.2")
  @Spec("RFC 3261 §21.4.1")
  @Spec("RFC 3261 §21.5.6")
  void aBadRequestGetsOneCleanAnswer(Row row, String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);

    peer.sendRaw(row.damage().apply(good(peer, "bad")).getBytes(StandardCharsets.UTF_8));

    String answer = peer.receive();
    assertThat(answer).startsWith("SIP/2.0 " + row.answer() + "\r\n");
    assertThat(TextPeer.header(answer, "Via")).contains("branch=z9hG4bKp");
    assertThat(application.next()).isEqualTo("screened " + row.answer());
    goesOn(endpoint, transport);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §7.1")
  void theVersionIsReadInAnyCase(String transport) {
    TextPeer peer = peer(transport, endpoint());
    String lower = good(peer, "lower").replace("SIP/2.0", "sip/2.0");
    peer.sendRaw(lower.getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("Call-ID: lower");
    peer.sendRaw(lower.replaceFirst("From:.*\r\n", "").getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).startsWith("SIP/2.0 400 Missing From");
  }

  @Test
  @Spec("RFC 3261 §18.2.2")
  void aConnectionTakesAnyTransportInViaAndADatagramOnlyItsOwn() {
    SipEndpoint endpoint = endpoint();
    TextPeer stream = peer("TCP", endpoint);
    stream.sendRaw(
        good(stream, "offloaded").replace("2.0/TCP", "2.0/TLS").getBytes(StandardCharsets.UTF_8));
    assertThat(TextPeer.header(stream.receive("SIP/2.0 200"), "Via")).startsWith("SIP/2.0/TLS ");
    TextPeer datagram = peer("UDP", endpoint);
    datagram.sendRaw(
        good(datagram, "odd").replace("2.0/UDP", "2.0/TCP").getBytes(StandardCharsets.UTF_8));
    assertThat(datagram.receive()).startsWith("SIP/2.0 400 Malformed Via Transport\r\n");
  }

  @Test
  void theMethodOfWhatIsRefusedIsToldWhereItIsKnown() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    peer.sendRaw(good(peer, "a").replaceFirst("From:.*\r\n", "").getBytes(StandardCharsets.UTF_8));
    assertThat(RecordingApplication.take(application.methods)).isEqualTo("OPTIONS");
    peer.sendRaw("GARBAGE\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(RecordingApplication.take(application.methods)).isEqualTo("-");
    peer.sendRaw("SIP/2.0 9 x\r\nVia: z\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(RecordingApplication.take(application.methods)).isEqualTo("-");
  }

  private void goesOn(SipEndpoint endpoint, String transport) {
    TextPeer other = peer(transport, endpoint);
    other.sendRaw(good(other, "after").getBytes(StandardCharsets.UTF_8));
    assertThat(other.receive()).startsWith("SIP/2.0 200").contains("after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §8.2.1")
  void a405NamesTheAllowedMethodsAnd420TheUnknownOption(String transport) {
    TextPeer peer = peer(transport, endpoint());
    peer.send(peer.request("SUBSCRIBE", "sip:x@y", "m", 1, "Event: reg"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 405"), "Allow")).contains("INVITE", "BYE");
    peer.send(peer.request("OPTIONS", "sip:x@y", "r", 1, "Require: gruu, x-new"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 420"), "Unsupported")).isEqualTo("x-new");
  }

  @Test
  @Spec("RFC 3261 §7.3.1")
  void anOptionTagIsReadInAnyCase() {
    TextPeer peer = peer("UDP", endpoint());
    peer.send(peer.request("OPTIONS", "sip:x@y", "r", 1, "Require: GRUU"));
    assertThat(peer.receive()).startsWith("SIP/2.0 200");
  }

  @Test
  @Spec("RFC 3261 §7.5")
  void lineBreaksBeforeARequestAreNoReasonToDropIt() {
    TextPeer peer = peer("UDP", endpoint());
    peer.sendRaw(("\r\n\r\n" + good(peer, "late")).getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("Call-ID: late");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void whatHasNoUsableViaIsDroppedAndTold(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    peer.sendRaw("GARBAGE\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(application.next()).isEqualTo("screened 0 Malformed Request-Line");
    peer.sendRaw("SIP/2.0 9 x\r\nVia: z\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    assertThat(application.next()).isEqualTo("screened 0 Malformed Response");
    peer.sendRaw(
        good(peer, "ok")
            .replace("OPTIONS", "ACK")
            .replace("To:", "T:")
            .getBytes(StandardCharsets.UTF_8));
    peer.sendRaw(
        good(peer, "ack")
            .replace("1 OPTIONS", "1 ACK")
            .replace("OPTIONS", "ACK")
            .replaceFirst("From:.*\r\n", "")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(application.next()).isEqualTo("screened 0 Missing From");
    peer.sendRaw(good(peer, "same").getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("same");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §7.3.3")
  @Spec("RFC 3261 §7.3.1")
  void compactFormsAndFoldedFieldsAreRead(String transport) {
    TextPeer peer = peer(transport, endpoint());
    String compact =
        good(peer, "compact")
            .replace("Via:", "v:")
            .replace("From:", "f:")
            .replace("To:", "t:")
            .replace("Call-ID: ", "i:\r\n  ")
            .replace("Content-Length: 0\r\n\r\n", "l: 4\r\n\r\nbody");
    peer.sendRaw(compact.getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("Call-ID: compact");
    peer.sendRaw(good(peer, "next").getBytes(StandardCharsets.UTF_8));
    assertThat(peer.receive()).contains("Call-ID: next");
  }
}
