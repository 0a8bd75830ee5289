package io.continuo.msrp.netty;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.Ident;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpUri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The start line and headers of one message, while they are read line by line (RFC 4975 §9). By
/// hand, since every byte of every head comes by here.
///
/// Threading: the connection's event loop.
final class Head {
  static final String TO_PATH = "To-Path";
  static final String FROM_PATH = "From-Path";

  private static final int ID_AT = "MSRP ".length();
  private static final int STATUS_DIGITS = 3;
  private static final int DELETE = 0x7f;
  private static final byte[] SEND = MsrpRequest.SEND.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPORT = MsrpRequest.REPORT.getBytes(StandardCharsets.US_ASCII);

  private final Paths paths;
  private final int maxHeaders;
  private final String transactionId;
  private final String method;
  private final int status;
  private final String comment;
  private final List<MsrpHeader> headers = new ArrayList<>();
  private List<MsrpUri> toPath = List.of();
  private List<MsrpUri> fromPath = List.of();

  private Head(
      Paths paths, int maxHeaders, String transactionId, String method, int status, String comment) {
    this.paths = paths;
    this.maxHeaders = maxHeaders;
    this.transactionId = transactionId;
    this.method = method;
    this.status = status;
    this.comment = comment;
  }

  /// Reads a start line, which begins with `MSRP `.
  static Head begin(Line line, Paths paths, int maxHeaders) throws MalformedMsrpException {
    int idEnd = line.indexOf(' ', ID_AT);
    String id = idEnd < 0 ? "" : line.text(ID_AT, idEnd);
    if (!Ident.isIdent(id)) {
      throw malformed(line);
    }
    int what = idEnd + 1;
    if (isAll(line, what, line.length(), 'A', 'Z')) {
      return new Head(paths, maxHeaders, id, method(line, what), 0, "");
    }
    int statusEnd = what + STATUS_DIGITS;
    boolean comment = line.length() > statusEnd;
    if (line.length() < statusEnd
        || !isAll(line, what, statusEnd, '0', '9')
        || (comment && line.at(statusEnd) != ' ')) {
      throw malformed(line);
    }
    int status = Integer.parseInt(line.text(what, statusEnd));
    String said = comment ? line.text(statusEnd + 1, line.length()) : "";
    return new Head(paths, maxHeaders, id, "", status, said);
  }

  private static MalformedMsrpException malformed(Line line) {
    return new MalformedMsrpException(
        line.offset(), "`MSRP`, a transaction id of 4 to 32 characters, and a method or status");
  }

  private static boolean isAll(Line line, int from, int to, char least, char most) {
    for (int i = from; i < to; i++) {
      if (line.at(i) < least || line.at(i) > most) {
        return false;
      }
    }
    return from < to;
  }

  private static String method(Line line, int from) {
    if (line.equals(from, line.length(), SEND)) {
      return MsrpRequest.SEND;
    }
    return line.equals(from, line.length(), REPORT)
        ? MsrpRequest.REPORT
        : line.text(from, line.length());
  }

  boolean isRequest() {
    return !method.isEmpty();
  }

  String transactionId() {
    return transactionId;
  }

  /// The flag, when this line is the end-line of this message.
  Optional<Continuation> endLine(Line line) throws MalformedMsrpException {
    if (line.at(0) != '-' || !isDashes(line)) {
      return Optional.empty();
    }
    int flagAt = EndLine.DASHES + transactionId.length();
    boolean ours = line.length() == flagAt + 1;
    for (int i = EndLine.DASHES; ours && i < flagAt; i++) {
      ours = line.at(i) == transactionId.charAt(i - EndLine.DASHES);
    }
    Optional<Continuation> flag = ours ? Continuation.of(line.at(flagAt)) : Optional.empty();
    if (flag.isEmpty()) {
      throw new MalformedMsrpException(
          line.offset(), "a header or the end-line of transaction " + transactionId);
    }
    return flag;
  }

  private static boolean isDashes(Line line) {
    int dashes = 0;
    while (dashes < EndLine.DASHES && dashes < line.length() && line.at(dashes) == '-') {
      dashes++;
    }
    return dashes == EndLine.DASHES;
  }

  void header(Line line) throws MalformedMsrpException {
    int colon = colon(line);
    if (colon < 1) {
      throw new MalformedMsrpException(line.offset(), "a header `Name: value`");
    }
    int from = colon + 1;
    int to = line.length();
    while (from < to && isSpace(line.at(from))) {
      from++;
    }
    while (to > from && isSpace(line.at(to - 1))) {
      to--;
    }
    String name = HeaderNames.of(line, colon);
    if (name.equalsIgnoreCase(TO_PATH)) {
      toPath = path(toPath, name, line, from, to);
    } else if (name.equalsIgnoreCase(FROM_PATH)) {
      fromPath = path(fromPath, name, line, from, to);
    } else {
      add(name, line, from, to);
    }
  }

  /// Where the name ends; -1 when something else than a name stands there.
  private static int colon(Line line) {
    for (int i = 0; i < line.length(); i++) {
      byte b = line.at(i);
      if (b == ':') {
        return i;
      }
      if (b <= ' ' || b == DELETE) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private void add(String name, Line line, int from, int to) throws MalformedMsrpException {
    if (headers.size() == maxHeaders) {
      throw new MalformedMsrpException(line.offset(), "at most " + maxHeaders + " headers");
    }
    try {
      headers.add(new MsrpHeader(name, line.text(from, to)));
    } catch (IllegalArgumentException e) {
      throw new MalformedMsrpException(line.offset(), "no control character in a header");
    }
  }

  private List<MsrpUri> path(List<MsrpUri> earlier, String name, Line line, int from, int to)
      throws MalformedMsrpException {
    if (!earlier.isEmpty()) {
      throw new MalformedMsrpException(line.offset(), name + " once");
    }
    return paths.read(name, line, from, to);
  }

  /// Fails when a message without these headers could not even be answered.
  void requirePaths(Line line) throws MalformedMsrpException {
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      throw new MalformedMsrpException(line.offset(), "To-Path and From-Path before this");
    }
  }

  /// The total that Byte-Range announces, 0 when it says none that is understood.
  long announcedTotal() {
    for (MsrpHeader header : headers) {
      if (header.name().equalsIgnoreCase(MsrpHeader.BYTE_RANGE)) {
        return ByteRange.parse(header.value()).map(range -> range.total().orElse(0)).orElse(0L);
      }
    }
    return 0;
  }

  MsrpMessage message(MsrpBody body, Continuation continuation) {
    return isRequest()
        ? new MsrpRequest(transactionId, method, toPath, fromPath, headers, body, continuation)
        : new MsrpResponse(transactionId, status, comment, toPath, fromPath, headers);
  }
}
