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

  private final KnownLines knownLines;
  private final int maxHeaders;
  private final String transactionId;
  private final String method;
  private final int status;
  private final String comment;
  private final List<MsrpHeader> headers = new ArrayList<>();
  private List<MsrpUri> toPath = List.of();
  private List<MsrpUri> fromPath = List.of();

  private Head(
      KnownLines knownLines,
      int maxHeaders,
      String transactionId,
      String method,
      int status,
      String comment) {
    this.knownLines = knownLines;
    this.maxHeaders = maxHeaders;
    this.transactionId = transactionId;
    this.method = method;
    this.status = status;
    this.comment = comment;
  }

  /// Reads a start line, which begins with `MSRP `.
  static Head begin(Line line, KnownLines knownLines, int maxHeaders)
      throws MalformedMsrpException {
    int idEnd = ID_AT;
    while (idEnd < line.length() && line.at(idEnd) != ' ') {
      idEnd++;
    }
    String id = line.text(ID_AT, idEnd);
    if (!Ident.isIdent(id)) {
      throw malformed(line);
    }
    int what = Math.min(idEnd + 1, line.length());
    if (isAll(line, what, line.length(), 'A', 'Z')) {
      return new Head(knownLines, maxHeaders, id, method(line, what), 0, "");
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
    if (said.chars().anyMatch(c -> c < ' ' && c != '\t' || c == DELETE)) {
      throw malformed(line);
    }
    return new Head(knownLines, maxHeaders, id, "", status, said);
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

  /// SEND without making text of it.
  private static String method(Line line, int from) {
    boolean send = line.length() - from == SEND.length;
    for (int i = 0; send && i < SEND.length; i++) {
      send = line.at(from + i) == SEND[i];
    }
    return send ? MsrpRequest.SEND : line.text(from, line.length());
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
    KnownLines.Said known = knownLines.find(line);
    if (known != null) {
      take(known, line);
      return;
    }
    String name = HeaderNames.of(line);
    if (name.isEmpty()) {
      throw new MalformedMsrpException(line.offset(), "a header `Name: value`");
    }
    KnownLines.Said said = read(name, value(line, name.length() + 1), line);
    take(said, line);
    knownLines.keep(line, said);
  }

  private static String value(Line line, int behindColon) {
    int from = behindColon;
    int to = line.length();
    while (from < to && isSpace(line.at(from))) {
      from++;
    }
    while (to > from && isSpace(line.at(to - 1))) {
      to--;
    }
    return line.text(from, to);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private static KnownLines.Said read(String name, String value, Line line)
      throws MalformedMsrpException {
    if (name.equalsIgnoreCase(TO_PATH)) {
      return new KnownLines.Said.ToPath(path(name, value, line));
    }
    if (name.equalsIgnoreCase(FROM_PATH)) {
      return new KnownLines.Said.FromPath(path(name, value, line));
    }
    try {
      return new KnownLines.Said.Other(new MsrpHeader(name, value));
    } catch (IllegalArgumentException e) {
      throw new MalformedMsrpException(line.offset(), "no control character in a header");
    }
  }

  private static List<MsrpUri> path(String name, String value, Line line)
      throws MalformedMsrpException {
    List<MsrpUri> path = new ArrayList<>(2);
    for (String uri : value.split(" +")) {
      path.add(
          MsrpUri.parse(uri)
              .orElseThrow(
                  () -> new MalformedMsrpException(line.offset(), "MSRP URIs in " + name)));
    }
    return List.copyOf(path);
  }

  private void take(KnownLines.Said said, Line line) throws MalformedMsrpException {
    switch (said) {
      case KnownLines.Said.ToPath to -> {
        requireFirst(toPath, TO_PATH, line);
        toPath = to.path();
      }
      case KnownLines.Said.FromPath from -> {
        requireFirst(fromPath, FROM_PATH, line);
        fromPath = from.path();
      }
      case KnownLines.Said.Other other -> add(other.header(), line);
    }
  }

  private static void requireFirst(List<MsrpUri> earlier, String name, Line line)
      throws MalformedMsrpException {
    if (!earlier.isEmpty()) {
      throw new MalformedMsrpException(line.offset(), name + " once");
    }
  }

  private void add(MsrpHeader header, Line line) throws MalformedMsrpException {
    if (headers.size() == maxHeaders) {
      throw new MalformedMsrpException(line.offset(), "at most " + maxHeaders + " headers");
    }
    headers.add(header);
  }

  /// Fails when a message without these headers could not even be answered.
  void requirePaths(Line line) throws MalformedMsrpException {
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      throw new MalformedMsrpException(line.offset(), "To-Path and From-Path before this");
    }
  }

  /// Whether Byte-Range announces a message of more bytes than this.
  boolean announcesMoreThan(long bytes) {
    for (int i = 0; i < headers.size(); i++) {
      MsrpHeader header = headers.get(i);
      if (header.name().equalsIgnoreCase(MsrpHeader.BYTE_RANGE)) {
        Optional<ByteRange> range = ByteRange.parse(header.value());
        return range.isPresent() && range.get().total().orElse(0) > bytes;
      }
    }
    return false;
  }

  MsrpMessage message(MsrpBody body, Continuation continuation) {
    return isRequest()
        ? new MsrpRequest(transactionId, method, toPath, fromPath, headers, body, continuation)
        : new MsrpResponse(transactionId, status, comment, toPath, fromPath, headers);
  }
}
