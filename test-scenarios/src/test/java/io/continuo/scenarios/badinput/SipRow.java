package io.continuo.scenarios.badinput;

import io.continuo.scenarios.ServerSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// One kind of bad SIP request.
///
/// @param name what is wrong with it
/// @param spoil makes it; may ask the server for a challenge first
/// @param status what it is answered
/// @param reason what the log line says
/// @param header what the answer must carry, as in `Allow`; empty: nothing special
record SipRow(
    String name,
    BiFunction<RawSip, SipRow.Challenges, RawRequest> spoil,
    int status,
    String reason,
    String header) {

  /// Gives a request the credentials of a subscriber.
  interface Challenges {
    RawRequest proven(RawRequest request, String user);
  }

  private static final String SERVER = "sip:" + ServerSetup.DOMAIN;
  private static final String BOB = Witness.address("bob");
  private static final String NOBODY = Witness.address("nobody");
  private static final String CPIM_OF_BOB =
      """
      From: <sip:bob@continuo.test>
      To: <sip:alice@continuo.test>

      Content-Type: text/plain

      hi\
      """
          .replace("\n", "\r\n");

  static Stream<SipRow> all() {
    List<SipRow> rows = new ArrayList<>();
    malformed(rows);
    understood(rows);
    identity(rows);
    sessions(rows);
    messages(rows);
    return rows.stream();
  }

  private static void malformed(List<SipRow> rows) {
    for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards")) {
      rows.add(options("no " + name, r -> r.without(name), 400, "Missing " + name));
    }
    rows.add(options("two From", r -> r.with("From", "<sip:x@y>;tag=1"), 400, "Repeated From"));
    rows.add(options("From in pieces", r -> r.saying("From", "<<<>"), 400, "Malformed From"));
    rows.add(options("To unclosed", r -> r.saying("To", "\"b <sip:b@x>"), 400, "Malformed To"));
    rows.add(
        options(
            "Via of SCTP",
            r -> r.saying("Via", r.value("Via").replaceFirst("/(UDP|TCP)", "/SCTP")),
            400,
            "Malformed Via Transport"));
    rows.add(
        options("CSeq without number", r -> r.saying("CSeq", "x OPTIONS"), 400, "Malformed CSeq"));
    rows.add(
        options(
            "CSeq of another method", r -> r.saying("CSeq", "1 INFO"), 400, "CSeq Does Not Match"));
    rows.add(
        options(
            "lone CR", r -> r.saying("To", "\r<" + SERVER + ">"), 400, "Malformed Header Field"));
    rows.add(options("NUL", r -> r.with("X-Nul", "a\u0000b"), 400, "Malformed Header Field"));
    rows.add(
        options(
            "no colon", r -> r.with("Subject", "x\r\nNonsense"), 400, "Malformed Header Field"));
    rows.add(
        options(
            "hops in words", r -> r.saying("Max-Forwards", "many"), 400, "Malformed Max-Forwards"));
    rows.add(
        options(
            "negative length", r -> r.saying("Content-Length", "-1"), 400, "Bad Content-Length"));
    rows.add(
        options(
            "start line in pieces",
            r -> r.starting("OPTIONS  " + SERVER),
            400,
            "Malformed Request-Line"));
    rows.add(
        options(
            "Request-URI of no scheme",
            r -> r.starting("OPTIONS continuo SIP/2.0"),
            400,
            "Malformed Request-Line"));
    rows.add(
        options(
            "300 fields",
            r -> r.with("X", "1" + "\r\nX: 1".repeat(300)),
            400,
            "Too Many Header Fields"));
    rows.add(
        options(
            "10,000 fields",
            r -> r.with("X", "1" + "\r\nX:1".repeat(10_000)),
            400,
            "Too Many Header Fields"));
    rows.add(
        options(
            "a field of 20 kB",
            r -> r.with("X", "1".repeat(20_000)),
            400,
            "Header Field Too Long"));
    rows.add(
        options(
            "oversize",
            r -> r.carrying("text/plain", "x".repeat(64_900)),
            513,
            "Message Too Large"));
  }

  private static void understood(List<SipRow> rows) {
    rows.add(
        options(
            "SIP/7.0",
            r -> r.starting("OPTIONS " + SERVER + " SIP/7.0"),
            505,
            "Version Not Supported"));
    rows.add(
        options(
            "SIP/7.0 in Via too",
            r ->
                r.starting("OPTIONS " + SERVER + " SIP/7.0")
                    .saying("Via", r.value("Via").replace("SIP/2.0", "SIP/7.0")),
            505,
            "Version Not Supported"));
    rows.add(
        row(
            "unrecognised method",
            (sip, c) -> sip.request("PONDER", SERVER),
            501,
            "Not Implemented",
            ""));
    for (String method : List.of("SUBSCRIBE", "NOTIFY", "PUBLISH", "REFER", "INFO")) {
      rows.add(
          row(
              "unsupported " + method,
              (sip, c) -> sip.request(method, BOB),
              405,
              "Method Not Allowed",
              "Allow"));
    }
    rows.add(
        row(
            "extension required",
            (sip, c) -> sip.request("OPTIONS", SERVER).with("Require", "teleport"),
            420,
            "Bad Extension",
            "Unsupported"));
    rows.add(
        row(
            "BYE of no dialog",
            (sip, c) -> sip.request("BYE", BOB).saying("To", "<" + BOB + ">;tag=x"),
            481,
            "No Such Dialog",
            ""));
    rows.add(
        row(
            "PRACK of nothing",
            (sip, c) -> sip.request("PRACK", BOB).saying("To", "<" + BOB + ">;tag=x"),
            481,
            "Nothing To Acknowledge",
            ""));
    rows.add(
        row(
            "CANCEL of nothing",
            (sip, c) -> sip.request("CANCEL", BOB),
            481,
            "Nothing To Cancel",
            ""));
  }

  private static void identity(List<SipRow> rows) {
    for (String method : List.of("REGISTER", "MESSAGE", "OPTIONS", "INVITE")) {
      rows.add(
          row(
              method + " without credentials",
              (sip, c) -> sip.request(method, uri(method)),
              401,
              "no credentials",
              "WWW-Authenticate"));
    }
    rows.add(
        row(
            "wrong password",
            (sip, c) -> ofCarol(sip).with("Authorization", madeUp("carol")),
            401,
            "",
            "WWW-Authenticate"));
    rows.add(
        row(
            "unknown user",
            (sip, c) -> ofCarol(sip).with("Authorization", madeUp("nobody")),
            401,
            "",
            "WWW-Authenticate"));
    rows.add(
        row(
            "REGISTER for somebody else",
            (sip, c) ->
                c.proven(
                    sip.request("REGISTER", SERVER)
                        .saying("From", "<" + BOB + ">;tag=1")
                        .saying("To", "<" + BOB + ">"),
                    "carol"),
            403,
            "acts for somebody else",
            ""));
    rows.add(
        row(
            "REGISTER of one for another",
            (sip, c) ->
                c.proven(sip.request("REGISTER", SERVER).saying("To", "<" + BOB + ">"), "carol"),
            403,
            "acts for somebody else",
            ""));
    rows.add(
        row(
            "From of somebody else",
            (sip, c) ->
                c.proven(
                    sip.request("MESSAGE", Witness.address("alice"))
                        .saying("From", "<" + BOB + ">;tag=1"),
                    "carol"),
            403,
            "acts for somebody else",
            ""));
    rows.add(
        row(
            "REGISTER for a moment",
            (sip, c) -> c.proven(ofCarol(sip).with("Expires", "2"), "carol"),
            423,
            "expires too brief",
            "Min-Expires"));
    rows.add(
        row(
            "REGISTER of another domain",
            (sip, c) -> sip.request("REGISTER", "sip:elsewhere.test"),
            404,
            "not our domain",
            ""));
  }

  private static void sessions(List<SipRow> rows) {
    rows.add(
        row(
            "INVITE to nobody",
            (sip, c) -> c.proven(offering(sip.request("INVITE", NOBODY), sdp("")), "carol"),
            404,
            "unknown subscriber",
            ""));
    rows.add(
        row(
            "INVITE without Contact",
            (sip, c) -> sip.request("INVITE", BOB).without("Contact"),
            400,
            "Missing Contact",
            ""));
    List.of(
            "v=0",
            "m=audio 4000 RTP/AVP 0",
            "m=message 0 TCP/MSRP *",
            "m=message 9 TCP/TLS/MSRP *",
            "m=message 9 TCP/MSRP *\r\na=accept-types:*",
            "m=message 9 TCP/MSRP *\r\na=path:http://x/y;tcp")
        .forEach(media ->
            rows.add(
                row(
                    "INVITE with " + media.replace("\r\n", " "),
                    (sip, c) -> c.proven(offering(sip.request("INVITE", BOB), sdp(media)), "carol"),
                    488,
                    "",
                    "")));
    rows.add(
        row(
            "INVITE with SDP in pieces",
            (sip, c) -> c.proven(offering(sip.request("INVITE", BOB), "=\r\n\u0001"), "carol"),
            488,
            "malformed SDP",
            ""));
  }

  private static void messages(List<SipRow> rows) {
    rows.add(message("MESSAGE to nobody", NOBODY, "text/plain", "hi", 404, "unknown subscriber"));
    rows.add(message("MESSAGE of a picture", BOB, "image/png", "hi", 415, "content type"));
    rows.add(message("CPIM in pieces", BOB, "message/cpim", "hi", 400, "malformed CPIM"));
    rows.add(
        message(
            "CPIM From of somebody else",
            Witness.address("alice"),
            "message/cpim",
            CPIM_OF_BOB,
            403,
            "CPIM From names somebody else"));
    rows.add(
        message(
            "MESSAGE to oneself",
            Witness.address("carol"),
            "text/plain",
            "hi",
            403,
            "chat with oneself"));
    rows.add(
        row(
            "OPTIONS to nobody",
            (sip, c) -> c.proven(sip.request("OPTIONS", NOBODY), "carol"),
            404,
            "unknown subscriber",
            ""));
  }

  private static SipRow message(
      String name, String to, String type, String body, int status, String reason) {
    return row(
        name,
        (sip, c) ->
            c.proven(sip.request("MESSAGE", to).without("Contact").carrying(type, body), "carol"),
        status,
        reason,
        status == 415 ? "Accept" : "");
  }

  private static SipRow options(
      String name, UnaryOperator<RawRequest> spoil, int status, String reason) {
    return row(name, (sip, c) -> spoil.apply(sip.request("OPTIONS", SERVER)), status, reason, "");
  }

  private static SipRow row(
      String name,
      BiFunction<RawSip, Challenges, RawRequest> spoil,
      int status,
      String reason,
      String header) {
    return new SipRow(name, spoil, status, reason, header);
  }

  private static String uri(String method) {
    return method.equals("REGISTER") ? SERVER : BOB;
  }

  private static RawRequest ofCarol(RawSip sip) {
    return sip.request("REGISTER", SERVER).saying("To", "<" + Witness.address("carol") + ">");
  }

  private static String madeUp(String user) {
    return ("Digest username=\"%s\", realm=\"continuo.test\", nonce=\"x\", uri=\"%s\", response=\"%s\","
            + " algorithm=MD5")
        .formatted(user, SERVER, "0".repeat(32));
  }

  private static RawRequest offering(RawRequest invite, String sdp) {
    return invite.carrying("application/sdp", sdp);
  }

  private static String sdp(String media) {
    String line =
        media.isEmpty()
            ? "m=message 9 TCP/MSRP *\r\na=accept-types:*\r\na=path:msrp://127.0.0.1:9/abcdefgh;tcp"
            : media;
    return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        + line
        + "\r\n";
  }

  @Override
  public String toString() {
    return name;
  }
}
