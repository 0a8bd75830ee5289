package io.continuo.clients.doubles;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An MSRP request or response, with the text it was read from (RFC 4975 §9).
///
/// @param raw every byte of it, for clients that look at more than the meaning
/// @param kind what follows the transaction id: `SEND`, or `200 OK`
/// @param body empty when there is none
/// @param flag `$`, `+` or `#`
record MsrpMessage(
    String raw,
    String transaction,
    String kind,
    List<Header> headers,
    Optional<String> body,
    char flag) {
  private static final int MAX = 1 << 20;
  private static final String DASHES = "-------";
  private static final Pattern RANGE = Pattern.compile("(\\d+)-(\\d+|\\*)/(\\d+|\\*)");

  /// `Byte-Range`; an end or a total of `*` is -1.
  record Range(long start, long end, long total) {}

  /// The next one of a stream; the end-line alone ends it.
  static MsrpMessage read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!endsWith(text, "\r\n")) {
      text.append(next(in, text));
    }
    String[] words = text.toString().strip().split(" ", 3);
    if (words.length < 3 || !words[0].equals("MSRP")) {
      throw new IOException("no MSRP start-line: " + text);
    }
    String end = "\r\n" + DASHES + words[1];
    while (!isOver(text, end)) {
      text.append(next(in, text));
    }
    return of(text.toString(), words[1], words[2]);
  }

  private static char next(InputStream in, StringBuilder soFar) throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new EOFException();
    }
    if (soFar.length() > MAX) {
      throw new IOException("a message without an end");
    }
    return (char) read;
  }

  private static boolean isOver(StringBuilder text, String end) {
    int mark = text.length() - end.length() - 3;
    return mark >= 0
        && endsWith(text, "\r\n")
        && text.indexOf(end, mark) == mark
        && "$+#".indexOf(text.charAt(mark + end.length())) >= 0;
  }

  private static boolean endsWith(StringBuilder text, String end) {
    return text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) >= 0;
  }

  private static MsrpMessage of(String raw, String transaction, String kind) {
    int start = raw.indexOf("\r\n") + 2;
    int last = raw.lastIndexOf("\r\n" + DASHES + transaction);
    int blank = raw.indexOf("\r\n\r\n");
    boolean hasBody = blank >= 0 && blank < last;
    return new MsrpMessage(
        raw,
        transaction,
        kind,
        Header.parse(raw.substring(start, hasBody ? blank : last)),
        hasBody ? Optional.of(raw.substring(Math.min(blank + 4, last), last)) : Optional.empty(),
        raw.charAt(raw.length() - 3));
  }

  boolean isResponse() {
    return Character.isDigit(kind.charAt(0));
  }

  int status() {
    return Integer.parseInt(kind.substring(0, 3));
  }

  /// By its exact name, as all these clients look headers up.
  Optional<String> find(String name) {
    return headers.stream()
        .filter(header -> header.name().equals(name))
        .map(Header::value)
        .findFirst();
  }

  String header(String name) {
    return find(name).orElseThrow(() -> new AssertionError("no " + name + " in\n" + raw));
  }

  /// The lines between start-line and body, as they were written.
  List<String> headLines() {
    int start = raw.indexOf("\r\n") + 2;
    int blank = raw.indexOf("\r\n\r\n");
    int end = raw.lastIndexOf("\r\n" + DASHES);
    return List.of(raw.substring(start, blank >= 0 && blank < end ? blank : end).split("\r\n"));
  }

  Optional<Range> range() {
    return find("Byte-Range")
        .map(RANGE::matcher)
        .filter(Matcher::matches)
        .map(match ->
            new Range(number(match.group(1)), number(match.group(2)), number(match.group(3))));
  }

  private static long number(String text) {
    return text.equals("*") ? -1 : Long.parseLong(text);
  }
}
