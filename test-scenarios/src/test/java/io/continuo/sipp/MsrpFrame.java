package io.continuo.sipp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One MSRP request or response as text (RFC 4975 §9), for a peer that shares no code with the
/// server.
///
/// @param start what follows the transaction id: `SEND`, or `200 OK`
/// @param headers in order
/// @param body empty when there is none
/// @param flag `$`, `+` or `#`
record MsrpFrame(
    String transaction,
    String start,
    Map<String, String> headers,
    Optional<String> body,
    char flag) {
  private static final String PROTOCOL = "MSRP ";
  private static final String END = "-------";
  private static final int MAX_LINE = 1 << 20;

  /// Reads the next one; the end-line alone ends it.
  static MsrpFrame read(InputStream in) throws IOException {
    String first = line(in);
    if (!first.startsWith(PROTOCOL)) {
      throw new IOException("no MSRP start line: " + first);
    }
    String[] words = first.substring(PROTOCOL.length()).split(" ", 2);
    String end = END + words[0];
    Map<String, String> headers = new LinkedHashMap<>();
    String line = line(in);
    while (!line.isEmpty() && !isEnd(line, end)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      line = line(in);
    }
    Optional<String> body = line.isEmpty() ? Optional.of(body(in, end)) : Optional.empty();
    char flag = body.isPresent() ? (char) in.read() : line.charAt(line.length() - 1);
    if (body.isPresent()) {
      line(in);
    }
    return new MsrpFrame(words[0], words[1], headers, body, flag);
  }

  private static boolean isEnd(String line, String end) {
    return line.length() == end.length() + 1 && line.startsWith(end);
  }

  /// Everything up to the end-line; reads the end-line up to its flag.
  private static String body(InputStream in, String end) throws IOException {
    String mark = "\r\n" + end;
    // The line end of the empty line counts as the one before the end-line of an empty body.
    StringBuilder bytes = new StringBuilder("\r\n");
    while (bytes.length() < mark.length()
        || bytes.indexOf(mark, bytes.length() - mark.length()) < 0) {
      bytes.append((char) next(in));
    }
    String body = bytes.substring(Math.min(2, bytes.length() - mark.length()));
    byte[] content =
        body.substring(0, body.length() - mark.length()).getBytes(StandardCharsets.ISO_8859_1);
    return new String(content, StandardCharsets.UTF_8);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = next(in); b != '\n'; b = next(in)) {
      if (b != '\r') {
        bytes.write(b);
      }
      if (bytes.size() > MAX_LINE) {
        throw new IOException("a line without an end");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int next(InputStream in) throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    return b;
  }

  boolean isResponse() {
    return Character.isDigit(start.charAt(0));
  }

  String header(String name) {
    String value = headers.get(name);
    if (value == null) {
      throw new AssertionError("no " + name + " in " + this);
    }
    return value;
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(PROTOCOL).append(transaction).append(' ').append(start);
    text.append("\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    body.ifPresent(content -> text.append("\r\n").append(content).append("\r\n"));
    text.append(END).append(transaction).append(flag).append("\r\n");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
