package io.continuo.scenarios.badinput;

import java.util.stream.Stream;

/// One kind of bad MSRP request, said on a connection that a good session is bound to.
///
/// @param to whose path it names; `from` likewise
/// @param rest headers, an empty line and the body
record MsrpRow(
    String name, String method, Path to, Path from, String rest, int status, String reason) {

  /// A session id of whom.
  enum Path {
    OWN,
    ALICE,
    NOBODY
  }

  private static final String MALFORMED = "malformed message";
  private static final String ID = "Message-ID: 4711\r\n";
  private static final String TEXT = "Content-Type: text/plain\r\n\r\nhello";

  static Stream<MsrpRow> all() {
    return Stream.of(
        new MsrpRow("unknown method", "PONDER", Path.OWN, Path.OWN, "", 501, "unknown method"),
        new MsrpRow("method in small letters", "send", Path.OWN, Path.OWN, "", 501, MALFORMED),
        new MsrpRow("method with a dash", "FROB-1", Path.OWN, Path.OWN, "", 501, MALFORMED),
        send("header without colon", "nonsense", 400, MALFORMED),
        send("space before a colon", "Message-ID : 4711\r\n" + TEXT, 400, MALFORMED),
        send("folded header", "X-Long: a\r\n b\r\n" + ID + TEXT, 400, MALFORMED),
        send("NUL in a header", "X-Nul: a\0b\r\n" + ID + TEXT, 400, MALFORMED),
        send("two From-Paths", "From-Path: msrp://h:1/s;tcp\r\n" + ID + TEXT, 400, MALFORMED),
        send("two Message-IDs", ID + "Message-ID: 4712\r\n" + TEXT, 400, MALFORMED),
        new MsrpRow("unknown session", "SEND", Path.NOBODY, Path.OWN, "", 481, "unknown session"),
        new MsrpRow(
            "path of another session",
            "SEND",
            Path.ALICE,
            Path.OWN,
            ID + TEXT,
            481,
            "From-Path is not the session's peer"),
        new MsrpRow(
            "From-Path of another session",
            "SEND",
            Path.OWN,
            Path.ALICE,
            ID + TEXT,
            481,
            "From-Path is not the session's peer"),
        send("Byte-Range in words", "Byte-Range: all\r\n" + ID + TEXT, 400, "wrong Byte-Range"),
        send("Byte-Range from 0", "Byte-Range: 0-5/5\r\n" + ID + TEXT, 400, "wrong Byte-Range"),
        send("Byte-Range backwards", "Byte-Range: 9-5/9\r\n" + ID + TEXT, 400, "wrong Byte-Range"),
        send(
            "Byte-Range beyond total",
            "Byte-Range: 1-9/5\r\n" + ID + TEXT,
            400,
            "wrong Byte-Range"),
        send(
            "too large as announced",
            "Byte-Range: 1-5/99999999\r\n" + ID + TEXT,
            413,
            "message too large"),
        send(
            "too large unannounced",
            "Byte-Range: 1-*/*\r\n" + ID + TEXT + "x".repeat(100_000),
            413,
            "message too large"),
        send(
            "a picture",
            ID + "Content-Type: image/png\r\n\r\nhello",
            415,
            "media type not accepted"),
        send("no Content-Type", ID + "\r\nhello", 400, "no Content-Type"),
        send("no Message-ID", TEXT, 400, "no Message-ID"),
        send(
            "CPIM in pieces",
            ID + "Content-Type: message/cpim\r\n\r\nhello",
            400,
            "malformed CPIM"),
        send(
            "CPIM From of somebody else",
            ID
                + "Content-Type: message/cpim\r\n\r\n"
                + "From: <sip:alice@continuo.test>\r\nTo: <sip:bob@continuo.test>\r\n\r\n"
                + "Content-Type: text/plain\r\n\r\nhello",
            403,
            "CPIM From names somebody else"),
        send(
            "IMDN in pieces",
            ID + "Content-Type: message/imdn+xml\r\n\r\n<imdn",
            400,
            "malformed IMDN"),
        send(
            "IMDN with an entity",
            ID
                + "Content-Type: message/imdn+xml\r\n\r\n"
                + "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><imdn>&a;</imdn>",
            400,
            "malformed IMDN"));
  }

  private static MsrpRow send(String name, String rest, int status, String reason) {
    return new MsrpRow(name, "SEND", Path.OWN, Path.OWN, rest, status, reason);
  }

  @Override
  public String toString() {
    return name;
  }
}
