package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import io.continuo.sip.testing.WireFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The torture messages of RFC 4475 and, for IPv6, RFC 5118, each over a real socket and each with
/// the answer that its section asks for.
///
/// The octets are those of the RFCs, with these exceptions. `mpart01` has binary parts of ours and
/// not the signed ones of the RFC; the bodies of RFC 5118 have the Content-Length that they really
/// have (its errata). Over UDP a `;rport` is added to the topmost Via, else the answer would go to
/// a port that no test may take; over TCP nothing is added. A message whose framing is its point
/// goes over one of the two only.
class TortureTest extends EndpointTest {
  private final BlockingQueue<SipRequest> seen = new LinkedBlockingQueue<>();

  /// What must become of a message.
  private sealed interface Outcome {
    /// Answered by the stack; the application is told no more than that.
    record Answered(String statusLine) implements Outcome {}

    /// The application sees it, with these values, and its answer comes back.
    record Seen(Consumer<SipRequest> values) implements Outcome {}

    /// No answer; the application is told why.
    record Dropped(String reason) implements Outcome {}

    /// Well-formed, but nobody waits for it: nothing happens.
    record Ignored() implements Outcome {}
  }

  private record Row(String file, List<String> over, Outcome outcome) {
    @Override
    public String toString() {
      return file;
    }
  }

  private static final List<String> BOTH = List.of("UDP", "TCP");
  private static final List<String> UDP = List.of("UDP");
  private static final List<String> TCP = List.of("TCP");

  private static Row row(String file, List<String> over, String statusLine) {
    return new Row("rfc4475/" + file, over, new Outcome.Answered(statusLine));
  }

  private static Row seen(String file, List<String> over, Consumer<SipRequest> values) {
    return new Row("rfc4475/" + file, over, new Outcome.Seen(values));
  }

  private static Row dropped(String file, String reason) {
    return new Row("rfc4475/" + file, BOTH, new Outcome.Dropped(reason));
  }

  private static String first(SipRequest request, String name) {
    return request.headers().first(name).orElse("");
  }

  private static NameAddr address(SipRequest request, String name) {
    return NameAddr.parse(first(request, name)).orElseThrow();
  }

  /// §3.1.1: what is valid, however odd.
  private static Stream<Row> valid() {
    return Stream.of(
        // A To-tag makes it a request inside a dialog, and there is none (RFC 3261 §12.2.2). That
        // it
        // is read right shows in the answer: aFoldedMessageIsReadFieldByField.
        row("wsinv", UDP, "481 Call leg/Transaction does not exist"),
        // Endpoints answer 501 with Allow; the control characters are quoted pairs.
        row("intmeth", TCP, "501 Not Implemented"),
        seen("esc01", BOTH, TortureTest::escapesStayAsTheyAre),
        seen(
            "escnull",
            BOTH,
            request ->
                assertThat(request.headers().elements("Contact"))
                    .containsExactly(
                        "<sip:%00@host5.example.com>", "<sip:%00%00@host5.example.com>")),
        // `%` is no escape in a method: this is not REGISTER.
        row("esc02", TCP, "501 Not Implemented"),
        seen(
            "lwsdisp",
            BOTH,
            request -> {
              assertThat(address(request, "From").displayName()).isEqualTo("caller");
              assertThat(address(request, "From").parameter("tag")).contains("323");
            }),
        seen("longreq", TCP, TortureTest::everythingLongIsThere),
        seen("dblreq", UDP, request -> assertThat(request.method()).isEqualTo("REGISTER")),
        seen(
            "semiuri",
            BOTH,
            request ->
                assertThat(request.uri()).isEqualTo("sip:user;par=u%40example.net@example.com")),
        seen(
            "transports",
            BOTH,
            request ->
                assertThat(request.headers().elements("Via"))
                    .hasSize(5)
                    .anyMatch(via -> via.startsWith("SIP/2.0/UNKNOWN t4.example.com"))),
        seen(
            "mpart01",
            BOTH,
            request ->
                assertThat(request.body())
                    .startsWith("--7a9cbec02ceef655\r\n".getBytes(StandardCharsets.US_ASCII))
                    .endsWith("--7a9cbec02ceef655--\r\n".getBytes(StandardCharsets.US_ASCII))
                    .contains(0, 13, 10, 255)),
        // Answers of ours that somebody else gave: nobody waits for them. That their reason phrases
        // are read shows in anOddReasonPhraseIsTold.
        new Row("rfc4475/unreason", BOTH, new Outcome.Ignored()),
        new Row("rfc4475/noreason", BOTH, new Outcome.Ignored()));
  }

  private static void escapesStayAsTheyAre(SipRequest request) {
    assertThat(request.uri()).isEqualTo("sip:sips%3Auser%40example.com@example.net");
    assertThat(first(request, "To")).isEqualTo("sip:%75se%72@example.com");
    assertThat(address(request, "From").uri()).isEqualTo("sip:I%20have%20spaces@example.net");
    assertThat(address(request, "Contact").uri())
        .isEqualTo("sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31");
  }

  private static void everythingLongIsThere(SipRequest request) {
    assertThat(request.headers().elements("Via")).hasSize(34);
    assertThat(address(request, "From").parameter("tag").orElseThrow()).hasSize(155);
    assertThat(first(request, "Call-ID")).hasSize(141);
    assertThat(request.body()).hasSize(150);
  }

  /// §3.1.2: what is not.
  private static Stream<Row> invalid() {
    return Stream.of(
        row("badinv01", BOTH, "400 Malformed Via"),
        // Over TCP the rest is waited for, until the connection is closed for it.
        row("clerr", UDP, "400 Bad Content-Length"),
        row("ncl", BOTH, "400 Bad Content-Length"),
        row("scalar02", BOTH, "400 Malformed CSeq"),
        dropped("scalarlg", "Malformed Response"),
        row("quotbal", BOTH, "400 Malformed To"),
        // The RFC lets an element guess here and in the four below; we do not guess at a peer's
        // meaning before we know who it is.
        row("ltgtruri", BOTH, "400 Malformed Request-Line"),
        row("lwsruri", BOTH, "400 Malformed Request-Line"),
        row("lwsstart", BOTH, "400 Malformed Request-Line"),
        row("trws", TCP, "400 Malformed Request-Line"),
        row("escruri", BOTH, "400 Malformed Request-Line"),
        // The RFC lets an element ignore a Date that it does not need.
        seen(
            "baddate",
            BOTH,
            request ->
                assertThat(first(request, "Date")).isEqualTo("Fri, 01 Jan 2010 16:00:00 EST")),
        row("regbadct", BOTH, "400 Malformed Contact"),
        row("badaspec", BOTH, "400 Malformed To"),
        row("baddn", BOTH, "400 Malformed From"),
        row("badvers", BOTH, "505 Version Not Supported"),
        row("mismatch01", BOTH, "400 CSeq Does Not Match"),
        // 501 would be as right: the method is unknown too.
        row("mismatch02", BOTH, "400 CSeq Does Not Match"),
        dropped("bigcode", "Malformed Response"));
  }

  /// §3.2 and §3.3: transactions and applications.
  private static Stream<Row> semantics() {
    return Stream.of(
        seen(
            "badbranch",
            BOTH,
            request -> assertThat(first(request, "Via")).contains(";branch=z9hG4bK")),
        row("insuf", BOTH, "400 Missing From"),
        row("unkscm", TCP, "416 Unsupported URI Scheme"),
        row("novelsc", TCP, "416 Unsupported URI Scheme"),
        row("unksm2", BOTH, "400 To Is No Address Of Record"),
        row("bext01", TCP, "420 Bad Extension"),
        // The 415, 401 and 406 of these are the application's to give.
        seen(
            "invut",
            BOTH,
            request ->
                assertThat(first(request, "Content-Type")).isEqualTo("application/unknownformat")),
        seen(
            "regaut01",
            TCP,
            request ->
                assertThat(first(request, "Authorization"))
                    .isEqualTo("NoOneKnowsThisScheme opaque-data=here")),
        row("multi01", UDP, "400 Repeated From"),
        row("mcl01", BOTH, "400 Bad Content-Length"),
        new Row("rfc4475/bcast", BOTH, new Outcome.Ignored()),
        // Zero is for proxies: we are where it was going.
        seen("zeromf", BOTH, request -> assertThat(first(request, "Max-Forwards")).isEqualTo("0")),
        seen(
            "cparam01",
            BOTH,
            request -> {
              assertThat(address(request, "Contact").uri())
                  .isEqualTo("sip:+19725552222@gw1.example.net");
              assertThat(address(request, "Contact").parameter("unknownparam")).contains("");
            }),
        seen(
            "cparam02",
            BOTH,
            request ->
                assertThat(address(request, "Contact").uri())
                    .isEqualTo("sip:+19725552222@gw1.example.net;unknownparam")),
        seen(
            "regescrt",
            BOTH,
            request ->
                assertThat(address(request, "Contact").uri())
                    .isEqualTo("sip:user@example.com?Route=%3Csip:sip.example.com%3E")),
        seen(
            "sdp01",
            BOTH,
            request -> assertThat(first(request, "Accept")).isEqualTo("text/nobodyKnowsThis")),
        // Of RFC 2543, which the RFC asks only those to take who want to: no chat client is that
        // old.
        row("inv2543", UDP, "400 Missing Max-Forwards"));
  }

  private static Row six(String file, Outcome outcome) {
    return new Row("rfc5118/" + file, BOTH, outcome);
  }

  private static Outcome seen(Consumer<SipRequest> values) {
    return new Outcome.Seen(values);
  }

  private static Outcome uri(String uri) {
    return seen(request -> assertThat(request.uri()).isEqualTo(uri));
  }

  private static final Outcome NO_DIALOG =
      new Outcome.Answered("481 Call leg/Transaction does not exist");

  private static Stream<Row> ipv6() {
    return Stream.of(
        six("ipv6-good", uri("sip:[2001:db8::10]")),
        six("ipv6-bad", new Outcome.Answered("400 Malformed Request-Line")),
        six("port-ambiguous", uri("sip:[2001:db8::10:5070]")),
        six("port-unambiguous", uri("sip:[2001:db8::10]:5070")),
        six("via-received-param-with-delim", NO_DIALOG),
        six("via-received-param-no-delim", uri("sip:[2001:db8::10]")),
        six(
            "ipv6-in-sdp",
            seen(request ->
                assertThat(new String(request.body(), StandardCharsets.UTF_8))
                    .contains("c=IN IP6 2001:db8::20\r\n"))),
        six("mult-ip-in-header", NO_DIALOG),
        six(
            "mult-ip-in-sdp",
            seen(request ->
                assertThat(new String(request.body(), StandardCharsets.UTF_8))
                    .contains("c=IN IP4 192.0.2.1\r\n", "c=IN IP6 2001:db8::1\r\n"))),
        six(
            "ipv4-mapped-ipv6",
            seen(request ->
                assertThat(address(request, "Contact").uri())
                    .isEqualTo("sip:ted@[::ffff:192.0.2.2]"))),
        // Meant by an old grammar; the RFC asks to take both.
        six("ipv6-bug-abnf-3-colons", uri("sip:user@[2001:db8:::192.0.2.1]")),
        six("ipv6-correct-abnf-2-colons", uri("sip:user@[2001:db8::192.0.2.1]")));
  }

  private static Stream<Arguments> over(Stream<Row> rows) {
    return rows.flatMap(row -> row.over().stream().map(transport -> Arguments.of(row, transport)));
  }

  static Stream<Arguments> validMessages() {
    return over(valid());
  }

  static Stream<Arguments> invalidMessages() {
    return over(invalid());
  }

  static Stream<Arguments> semanticMessages() {
    return over(semantics());
  }

  static Stream<Arguments> ipv6Messages() {
    return over(ipv6());
  }

  @BeforeEach
  void answers() {
    application.onRequest =
        request -> {
          seen.add(request.request());
          request.respond(SipResponse.of(200));
        };
    application.onInvite =
        invite -> {
          seen.add(invite.request());
          invite.respond(SipResponse.of(486));
        };
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("validMessages")
  @Spec("RFC 4475 §3.1.1.1")
  @Spec("RFC 4475 §3.1.1.2")
  @Spec("RFC 4475 §3.1.1.3")
  @Spec("RFC 4475 §3.1.1.4")
  @Spec("RFC 4475 §3.1.1.5")
  @Spec("RFC 4475 §3.1.1.6")
  @Spec("RFC 4475 §3.1.1.7")
  @Spec("RFC 4475 §3.1.1.8")
  @Spec("RFC 4475 §3.1.1.9")
  @Spec("RFC 4475 §3.1.1.10")
  @Spec("RFC 4475 §3.1.1.11")
  @Spec("RFC 4475 §3.1.1.12")
  @Spec("RFC 4475 §3.1.1.13")
  void whatIsValidIsTakenHoweverOdd(Row row, String transport) {
    plays(row, transport);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("invalidMessages")
  @Spec("RFC 4475 §3.1.2.1")
  @Spec("RFC 4475 §3.1.2.2")
  @Spec("RFC 4475 §3.1.2.3")
  @Spec("RFC 4475 §3.1.2.4")
  @Spec("RFC 4475 §3.1.2.5")
  @Spec("RFC 4475 §3.1.2.6")
  @Spec("RFC 4475 §3.1.2.7")
  @Spec("RFC 4475 §3.1.2.8")
  @Spec("RFC 4475 §3.1.2.9")
  @Spec("RFC 4475 §3.1.2.10")
  @Spec("RFC 4475 §3.1.2.11")
  @Spec("RFC 4475 §3.1.2.12")
  @Spec("RFC 4475 §3.1.2.13")
  @Spec("RFC 4475 §3.1.2.14")
  @Spec("RFC 4475 §3.1.2.15")
  @Spec("RFC 4475 §3.1.2.16")
  @Spec("RFC 4475 §3.1.2.17")
  @Spec("RFC 4475 §3.1.2.18")
  @Spec("RFC 4475 §3.1.2.19")
  void whatIsInvalidIsRefusedCleanly(Row row, String transport) {
    plays(row, transport);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("semanticMessages")
  @Spec("RFC 4475 §3.2.1")
  @Spec("RFC 4475 §3.3.1")
  @Spec("RFC 4475 §3.3.2")
  @Spec("RFC 4475 §3.3.3")
  @Spec("RFC 4475 §3.3.4")
  @Spec("RFC 4475 §3.3.5")
  @Spec("RFC 4475 §3.3.6")
  @Spec("RFC 4475 §3.3.7")
  @Spec("RFC 4475 §3.3.8")
  @Spec("RFC 4475 §3.3.9")
  @Spec("RFC 4475 §3.3.10")
  @Spec("RFC 4475 §3.3.11")
  @Spec("RFC 4475 §3.3.12")
  @Spec("RFC 4475 §3.3.13")
  @Spec("RFC 4475 §3.3.14")
  @Spec("RFC 4475 §3.3.15")
  @Spec("RFC 4475 §3.4.1")
  void whatIsWellFormedButWrongGetsTheStatusForIt(Row row, String transport) {
    plays(row, transport);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ipv6Messages")
  @Spec("RFC 5118 §4.1")
  @Spec("RFC 5118 §4.2")
  @Spec("RFC 5118 §4.3")
  @Spec("RFC 5118 §4.4")
  @Spec("RFC 5118 §4.5")
  @Spec("RFC 5118 §4.6")
  @Spec("RFC 5118 §4.7")
  @Spec("RFC 5118 §4.8")
  @Spec("RFC 5118 §4.9")
  @Spec("RFC 5118 §4.10")
  void ipv6ReferencesAreReadEverywhere(Row row, String transport) {
    plays(row, transport);
  }

  private void plays(Row row, String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    peer.sendRaw(octets(row.file(), transport));
    switch (row.outcome()) {
      case Outcome.Answered(String statusLine) -> {
        assertThat(peer.receive()).startsWith("SIP/2.0 " + statusLine + "\r\n");
        assertThat(application.next()).startsWith("screened " + statusLine.substring(0, 3));
      }
      case Outcome.Seen(Consumer<SipRequest> values) -> {
        SipRequest request = RecordingApplication.take(seen);
        values.accept(request);
        String status = request.method().equals("INVITE") ? "486" : "200";
        String answer = peer.receive("SIP/2.0 " + status);
        assertThat(TextPeer.header(answer, "CSeq")).isEqualTo(first(request, "CSeq"));
        application.next();
      }
      case Outcome.Dropped(String reason) ->
          assertThat(application.next()).isEqualTo("screened 0 " + reason);
      case Outcome.Ignored() -> {}
    }
    nothingElseHappened(endpoint, transport, peer);
  }

  /// What comes next is the answer to a good request, on a connection that still works or a new
  /// one.
  private void nothingElseHappened(SipEndpoint endpoint, String transport, TextPeer peer) {
    TextPeer good = transport.equals("UDP") ? peer : peer(transport, endpoint);
    good.send(good.request("OPTIONS", "sip:continuo.test", "good", 1, ""));
    String answer = good.receive();
    while (TextPeer.header(answer, "CSeq").endsWith(" INVITE")) {
      answer = good.receive(); // a 486 is repeated until its ACK
    }
    assertThat(TextPeer.header(answer, "Call-ID")).isEqualTo("good");
    String told = application.next();
    while (told.equals("closed")) {
      told = application.next();
    }
    assertThat(told).isEqualTo("requested OPTIONS");
    assertThat(application.told).allMatch("closed"::equals);
  }

  private static byte[] octets(String file, String transport) {
    byte[] octets = WireFiles.octets(file);
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    boolean request = !text.startsWith("SIP/");
    return transport.equals("UDP") && request
        ? text.replaceFirst("(?is)(\r\nvia *:.*?)(?=;|\r\n[^ ])", "$1;rport")
            .getBytes(StandardCharsets.ISO_8859_1)
        : octets;
  }

  @Test
  @Spec("RFC 4475 §3.1.1.1")
  void aFoldedMessageIsReadFieldByField() {
    TextPeer peer = peer("UDP", endpoint());
    peer.sendRaw(octets("rfc4475/wsinv", "UDP"));
    String answer = peer.receive("SIP/2.0 481");
    assertThat(TextPeer.header(answer, "Call-ID")).isEqualTo("wsinv.ndaksdj@192.0.2.1");
    assertThat(TextPeer.header(answer, "CSeq")).isEqualTo("9 INVITE");
    assertThat(TextPeer.toTag(answer)).isEqualTo("1918181833n");
    assertThat(answer)
        .contains("From: \"J Rosenberg \\\\\\\"\" <sip:jdrosen@example.com>;tag=98asjd8\r\n")
        .contains("branch=390skdjuw", "branch=z9hG4bK9ikj8", "branch=z9hG4bK30239");
  }

  @Test
  @Spec("RFC 4475 §3.1.1.8")
  void whatFollowsInADatagramIsLeftOutAndOnAConnectionIsTheNextMessage() {
    TextPeer stream = peer("TCP", endpoint());
    stream.sendRaw(octets("rfc4475/dblreq", "TCP"));
    assertThat(RecordingApplication.take(seen).method()).isEqualTo("REGISTER");
    assertThat(TextPeer.header(stream.receive("SIP/2.0 400 Missing Contact"), "Call-ID"))
        .isEqualTo("dblreq.0ha0isnda977644900765@192.0.2.15");
  }

  @Test
  @Spec("RFC 4475 §3.2.1")
  void twoRequestsWhoseBranchIsOnlyTheCookieAreTwo() {
    TextPeer peer = peer("TCP", endpoint());
    String first = new String(octets("rfc4475/badbranch", "TCP"), StandardCharsets.ISO_8859_1);
    peer.sendRaw(first.getBytes(StandardCharsets.ISO_8859_1));
    peer.sendRaw(first.replace("badbranch.", "other.").getBytes(StandardCharsets.ISO_8859_1));
    assertThat(List.of(peer.receive("SIP/2.0 200"), peer.receive("SIP/2.0 200")))
        .extracting(answer -> TextPeer.header(answer, "Call-ID").split("\\.")[0])
        .containsExactlyInAnyOrder("badbranch", "other");
  }

  @Test
  @Spec("RFC 3261 §17.2.3")
  void aRepeatedRequestOfRfc2543GetsTheSameAnswerAgain() {
    TextPeer peer = peer("UDP", endpoint());
    String old =
        peer.request("OPTIONS", "sip:x", "old", 1, "").replaceFirst("branch=[^;]+", "branch=1");
    peer.send(old);
    String answer = peer.receive("SIP/2.0 200");
    assertThat(TextPeer.header(answer, "Via")).contains(";branch=1;").doesNotContain("z9hG4bK");
    peer.send(old);
    assertThat(peer.receive("SIP/2.0 200")).isEqualTo(answer);
    peer.send(old.replace("Call-ID: old", "Call-ID: other"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("other");
  }

  @Test
  @Spec("RFC 3261 §17.2.3")
  void theSameBranchOfTwoSendersIsTwoTransactions() {
    SipEndpoint endpoint = endpoint();
    TextPeer one = peer("UDP", endpoint);
    TextPeer other = peer("UDP", endpoint);
    one.send(sameBranch(one, "one"));
    other.send(sameBranch(other, "other"));
    assertThat(TextPeer.header(one.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("one");
    assertThat(TextPeer.header(other.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("other");
    one.send(sameBranch(one, "again").replace("=z9hG4bKsame", "=z9hG4bKSAME"));
    assertThat(TextPeer.header(one.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("again");
  }

  private static String sameBranch(TextPeer peer, String callId) {
    return peer.request("OPTIONS", "sip:x@continuo.test", callId, 1, "")
        .replaceFirst("branch=[^;]+", "branch=z9hG4bKsame");
  }

  @Test
  @Spec("RFC 4475 §3.1.1.2")
  @Spec("RFC 4475 §3.1.1.5")
  void a501NamesTheMethodsThatThereAre() {
    TextPeer peer = peer("TCP", endpoint());
    peer.sendRaw(octets("rfc4475/intmeth", "TCP"));
    String answer = peer.receive("SIP/2.0 501");
    assertThat(TextPeer.header(answer, "Allow")).contains("INVITE", "MESSAGE");
    assertThat(TextPeer.header(answer, "Call-ID"))
        .isEqualTo("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
  }

  @Test
  @Spec("RFC 4475 §3.3.5")
  void a420NamesWhatIsRequiredAndNotWhatProxiesAreAsked() {
    TextPeer peer = peer("TCP", endpoint());
    peer.sendRaw(octets("rfc4475/bext01", "TCP"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 420"), "Unsupported"))
        .isEqualTo("nothingSupportsThis, nothingSupportsThisEither");
  }
}
