package io.continuo.clients.doubles;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A SIP message as text (RFC 3261 §7).
///
/// @param start the start-line
/// @param body as on the wire
record SipMessage(String start, List<Header> headers, String body) {
  private static final Map<String, String> COMPACT =
      Map.of(
          "v",
          "Via",
          "f",
          "From",
          "t",
          "To",
          "i",
          "Call-ID",
          "m",
          "Contact",
          "c",
          "Content-Type",
          "l",
          "Content-Length",
          "k",
          "Supported",
          "a",
          "Accept-Contact");
  private static final String END = "\r\n\r\n";
  private static final int MAX_HEAD = 1 << 16;
  private static final Pattern LENGTH =
      Pattern.compile("(?im)^(?:content-length|l)[ \t]*:[ \t]*(\\d+)");
  private static final Pattern IN_BRACKETS = Pattern.compile("<([^>]*)>");

  static SipMessage parse(String wire) {
    int end = wire.indexOf(END);
    int line = wire.indexOf("\r\n");
    if (end < 0 || line == end) {
      throw new AssertionError("not a SIP message: " + wire);
    }
    return new SipMessage(
        wire.substring(0, line),
        Header.parse(wire.substring(line + 2, end)),
        wire.substring(end + END.length()));
  }

  /// The next message of a stream, framed by Content-Length (RFC 3261 §18.3); empty at a CRLF that
  /// keeps the connection alive.
  static Optional<String> read(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < END.length() || text.indexOf(END, text.length() - END.length()) < 0) {
      text.append((char) next(in));
      if (text.toString().equals("\r\n")) {
        return Optional.empty();
      }
      if (text.length() > MAX_HEAD) {
        throw new IOException("a head without an end");
      }
    }
    Matcher length = LENGTH.matcher(text);
    if (!length.find()) {
      throw new IOException("no Content-Length over a stream: " + text);
    }
    byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
    return Optional.of(text.append(WireText.of(body)).toString());
  }

  private static int next(InputStream in) throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new EOFException();
    }
    return read;
  }

  boolean isRequest() {
    return !start.startsWith("SIP/2.0 ");
  }

  /// Of a request; of what a response answers.
  String method() {
    return isRequest() ? start.split(" ")[0] : header("CSeq").split("\\s+")[1];
  }

  String uri() {
    return start.split(" ")[1];
  }

  int status() {
    return isRequest() ? 0 : Integer.parseInt(start.split(" ")[1]);
  }

  Optional<String> find(String name) {
    return headers.stream()
        .filter(header ->
            header.name().equalsIgnoreCase(name)
                || name.equals(COMPACT.get(header.name().toLowerCase(java.util.Locale.ROOT))))
        .map(Header::value)
        .findFirst();
  }

  List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  String header(String name) {
    return find(name).orElseThrow(() -> new AssertionError("no " + name + " in\n" + this));
  }

  String callId() {
    return header("Call-ID");
  }

  /// The tag of From or To; empty when there is none.
  String tag(String name) {
    Matcher tag = Pattern.compile(";\\s*tag=([^;\\s]+)").matcher(header(name));
    return tag.find() ? tag.group(1) : "";
  }

  /// The URI of a header that holds an address.
  String address(String name) {
    Matcher uri = IN_BRACKETS.matcher(header(name));
    return uri.find() ? uri.group(1) : header(name).replaceFirst(";.*", "");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(start);
    headers.forEach(
        each -> text.append('\n').append(each.name()).append(": ").append(each.value()));
    return text.append("\n\n").append(body).toString();
  }
}
