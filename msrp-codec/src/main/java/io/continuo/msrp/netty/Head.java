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

/// The start line and headers of one message, while they are read line by line (RFC 4975 §9).
final class Head {
  static final String DASHES = "-------";

  private static final int ID_AT = "MSRP ".length();
  private static final int STATUS_DIGITS = 3;

  private final Paths paths;
  private final String transactionId;
  private final String method;
  private final int status;
  private final String comment;
  private final List<MsrpHeader> headers = new ArrayList<>();
  private List<MsrpUri> toPath = List.of();
  private List<MsrpUri> fromPath = List.of();

  private Head(Paths paths, String transactionId, String method, int status, String comment) {
    this.paths = paths;
    this.transactionId = transactionId;
    this.method = method;
    this.status = status;
    this.comment = comment;
  }

  /// Reads a start line, which begins with `MSRP `. By hand, since every message comes by here.
  static Head begin(String line, Paths paths, long offset) throws MalformedMsrpException {
    int idEnd = line.indexOf(' ', ID_AT);
    String id = idEnd < 0 ? "" : line.substring(ID_AT, idEnd);
    if (!Ident.isIdent(id)) {
      throw malformed(offset);
    }
    int what = idEnd + 1;
    if (isAll(line, what, line.length(), 'A', 'Z')) {
      return new Head(paths, id, line.substring(what), 0, "");
    }
    int statusEnd = what + STATUS_DIGITS;
    boolean comment = line.length() > statusEnd;
    if (line.length() < statusEnd
        || !isAll(line, what, statusEnd, '0', '9')
        || (comment && line.charAt(statusEnd) != ' ')) {
      throw malformed(offset);
    }
    int status = Integer.parseInt(line, what, statusEnd, 10);
    return new Head(paths, id, "", status, comment ? line.substring(statusEnd + 1) : "");
  }

  private static MalformedMsrpException malformed(long offset) {
    return new MalformedMsrpException(
        offset, "`MSRP`, a transaction id of 4 to 32 characters, and a method or status");
  }

  private static boolean isAll(String line, int from, int to, char least, char most) {
    for (int i = from; i < to; i++) {
      if (line.charAt(i) < least || line.charAt(i) > most) {
        return false;
      }
    }
    return from < to;
  }

  boolean isRequest() {
    return !method.isEmpty();
  }

  String transactionId() {
    return transactionId;
  }

  /// The flag, when this line is the end-line of this message.
  Optional<Continuation> endLine(String line, long offset) throws MalformedMsrpException {
    if (!line.startsWith(DASHES)) {
      return Optional.empty();
    }
    int flagAt = DASHES.length() + transactionId.length();
    boolean ours = line.length() == flagAt + 1 && line.startsWith(transactionId, DASHES.length());
    Optional<Continuation> flag = ours ? Continuation.of(line.charAt(flagAt)) : Optional.empty();
    if (flag.isEmpty()) {
      throw new MalformedMsrpException(
          offset, "a header or the end-line of transaction " + transactionId);
    }
    return flag;
  }

  void header(String line, long offset) throws MalformedMsrpException {
    int colon = line.indexOf(':');
    if (colon < 1 || !isPrintable(line, colon)) {
      throw new MalformedMsrpException(offset, "a header `Name: value`");
    }
    String name = line.substring(0, colon);
    String value = line.substring(colon + 1).strip();
    if (name.equalsIgnoreCase("To-Path")) {
      toPath = path(toPath, name, value, offset);
    } else if (name.equalsIgnoreCase("From-Path")) {
      fromPath = path(fromPath, name, value, offset);
    } else {
      headers.add(new MsrpHeader(name, value));
    }
  }

  private static boolean isPrintable(String line, int to) {
    for (int i = 0; i < to; i++) {
      if (line.charAt(i) <= ' ' || line.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private List<MsrpUri> path(List<MsrpUri> earlier, String name, String value, long offset)
      throws MalformedMsrpException {
    if (!earlier.isEmpty()) {
      throw new MalformedMsrpException(offset, name + " once");
    }
    return paths.read(name, value, offset);
  }

  /// Fails when a message without these headers could not even be answered.
  void requirePaths(long offset) throws MalformedMsrpException {
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      throw new MalformedMsrpException(offset, "To-Path and From-Path before this");
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

  /// What ends a body, up to the flag (RFC 4975 §7.1).
  byte[] delimiter() {
    return ("\r\n" + DASHES + transactionId).getBytes(StandardCharsets.US_ASCII);
  }
}
