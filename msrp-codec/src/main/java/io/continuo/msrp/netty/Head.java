package io.continuo.msrp.netty;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.Ident;
import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The start line and headers of one message, while they are read line by line (RFC 4975 §9). By
/// hand, since every byte of every head comes by here.
///
/// What is wrong in a line is noted ([MalformedMessage]) and the next one is read: the end-line
/// alone frames. Only a start line that is none, and a limit, end the reading.
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
  private final boolean request;
  private final List<MsrpHeader> headers = new ArrayList<>();
  private List<MsrpUri> toPath = List.of();
  private List<MsrpUri> fromPath = List.of();
  private @Nullable Fault fault;

  /// The first thing that is wrong.
  ///
  /// @param status what a request with it is answered
  private record Fault(long offset, String expected, MsrpStatus status) {}

  /// What a start line says behind the transaction id.
  ///
  /// @param method empty for a response, and for a method that is none
  private record What(boolean request, String method, int status, String comment) {
    private static final What SEND = request(MsrpRequest.SEND);

    static What request(String method) {
      return new What(true, method, 0, "");
    }
  }

  private Head(KnownLines knownLines, int maxHeaders, String transactionId, What what) {
    this.knownLines = knownLines;
    this.maxHeaders = maxHeaders;
    this.transactionId = transactionId;
    this.request = what.request();
    this.method = what.method();
    this.status = what.status();
    this.comment = what.comment();
  }

  /// Reads a start line, which begins with `MSRP `.
  static Head begin(Line line, KnownLines knownLines, int maxHeaders)
      throws MalformedMsrpException {
    int idEnd = ID_AT;
    while (idEnd < line.length() && line.at(idEnd) != ' ') {
      idEnd++;
    }
    String id = line.text(ID_AT, idEnd);
    if (!Ident.isReadable(id)) {
      throw malformed(line);
    }
    int what = idEnd + 1;
    if (isAll(line, what, line.length(), 'A', 'Z')) {
      return new Head(knownLines, maxHeaders, id, method(line, what));
    }
    if (what >= line.length()) {
      throw malformed(line);
    }
    return other(line, knownLines, maxHeaders, id, what);
  }

  /// A response, or what is meant as one, or a word that may name a method. Anything else leaves it
  /// open where the transaction id ends, and with it which end-line to look for.
  private static Head other(Line line, KnownLines knownLines, int maxHeaders, String id, int what)
      throws MalformedMsrpException {
    int digits = what;
    while (digits < line.length() && isDigit(line.at(digits))) {
      digits++;
    }
    boolean comment = digits < line.length() && line.at(digits) == ' ';
    boolean known = digits - what == STATUS_DIGITS && (comment || digits == line.length());
    if (known) {
      int status = Integer.parseInt(line.text(what, digits));
      String said = comment ? line.text(digits + 1, line.length()) : "";
      var head = new Head(knownLines, maxHeaders, id, new What(false, "", status, said));
      if (said.chars().anyMatch(c -> c < ' ' && c != '\t' || c == DELETE)) {
        head.note(line, "no control character in a comment");
      }
      return head;
    }
    if (!isAll(line, what, line.length(), '!', '~')) {
      throw malformed(line);
    }
    boolean response = digits > what;
    var head = new Head(knownLines, maxHeaders, id, new What(!response, "", 0, ""));
    String expected = response ? "a status of three digits" : "a method of capital letters";
    head.fault = new Fault(line.offset(), expected, MsrpStatus.UNKNOWN_METHOD);
    return head;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static MalformedMsrpException malformed(Line line) {
    return new MalformedMsrpException(
        line.offset(), "`MSRP`, a transaction id, and a method or status");
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
  private static What method(Line line, int from) {
    boolean send = line.length() - from == SEND.length;
    for (int i = 0; send && i < SEND.length; i++) {
      send = line.at(from + i) == SEND[i];
    }
    return send ? What.SEND : What.request(line.text(from, line.length()));
  }

  /// Whether it can have a body that is wanted.
  boolean isUnderstoodRequest() {
    return request && fault == null;
  }

  /// Only the first of several is told.
  private void note(Line line, String expected) {
    note(line.offset(), expected);
  }

  /// Something is wrong at `offset` that no line shows.
  void note(long offset, String expected) {
    fault = fault == null ? new Fault(offset, expected, MsrpStatus.BAD_REQUEST) : fault;
  }

  String transactionId() {
    return transactionId;
  }

  /// The flag, when this line is the end-line of this message.
  Optional<Continuation> endLine(Line line) {
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
      note(line, "a header or the end-line of this transaction");
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
      note(line, "a header `Name: value`");
      return;
    }
    KnownLines.Said said = read(name, value(line, name.length() + 1), line);
    if (said instanceof KnownLines.Said.Other(MsrpHeader header)
        && placesBytes(name)
        && contradicts(header)) {
      note(line, "one Message-ID and one Byte-Range");
    }
    if (said != null) {
      take(said, line);
      knownLines.keep(line, said);
    }
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

  /// Null when it is not understood, which is noted.
  private KnownLines.@Nullable Said read(String name, String value, Line line) {
    if (name.equalsIgnoreCase(TO_PATH)) {
      List<MsrpUri> path = path(name, value, line);
      return path.isEmpty() ? null : new KnownLines.Said.ToPath(path);
    }
    if (name.equalsIgnoreCase(FROM_PATH)) {
      List<MsrpUri> path = path(name, value, line);
      return path.isEmpty() ? null : new KnownLines.Said.FromPath(path);
    }
    try {
      return new KnownLines.Said.Other(new MsrpHeader(name, value));
    } catch (IllegalArgumentException e) {
      note(line, "no control character in a header");
      return null;
    }
  }

  private List<MsrpUri> path(String name, String value, Line line) {
    List<MsrpUri> path = new ArrayList<>(2);
    for (String text : value.split(" +")) {
      Optional<MsrpUri> uri = MsrpUri.parse(text);
      if (uri.isEmpty()) {
        note(line, "MSRP URIs in " + name);
        return List.of();
      }
      path.add(uri.get());
    }
    return List.copyOf(path);
  }

  private void take(KnownLines.Said said, Line line) throws MalformedMsrpException {
    switch (said) {
      case KnownLines.Said.ToPath to -> {
        noteRepeated(toPath, TO_PATH, line);
        toPath = toPath.isEmpty() ? to.path() : toPath;
      }
      case KnownLines.Said.FromPath from -> {
        noteRepeated(fromPath, FROM_PATH, line);
        fromPath = fromPath.isEmpty() ? from.path() : fromPath;
      }
      case KnownLines.Said.Other other -> add(other.header(), line);
    }
  }

  private void noteRepeated(List<MsrpUri> earlier, String name, Line line) {
    if (!earlier.isEmpty()) {
      note(line, name + " once");
    }
  }

  private void add(MsrpHeader header, Line line) throws MalformedMsrpException {
    if (headers.size() == maxHeaders) {
      throw new MalformedMsrpException(line.offset(), "at most " + maxHeaders + " headers");
    }
    headers.add(header);
  }

  /// Whether readers that take the first of two, and those that take the last, would put the bytes
  /// in different places. Such lines are never among the known ones.
  private static boolean placesBytes(String name) {
    return name.equalsIgnoreCase(MsrpHeader.BYTE_RANGE)
        || name.equalsIgnoreCase(MsrpHeader.MESSAGE_ID);
  }

  private boolean contradicts(MsrpHeader header) {
    for (int i = 0; i < headers.size(); i++) {
      MsrpHeader earlier = headers.get(i);
      if (earlier.name().equalsIgnoreCase(header.name())
          && !earlier.value().equals(header.value())) {
        return true;
      }
    }
    return false;
  }

  /// The headers end with this line.
  void end(Line line) {
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      note(line, "To-Path and From-Path before this");
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

  MsrpInbound message(MsrpBody body, Continuation continuation) {
    if (fault != null) {
      return malformed(fault);
    }
    return request
        ? new MsrpRequest(transactionId, method, toPath, fromPath, headers, body, continuation)
        : new MsrpResponse(transactionId, status, comment, toPath, fromPath, headers);
  }

  private MalformedMessage malformed(Fault first) {
    boolean answered = request && !method.equals(MsrpRequest.REPORT);
    return new MalformedMessage(
        transactionId,
        toPath,
        fromPath,
        headers,
        answered ? Optional.of(first.status()) : Optional.empty(),
        first.offset(),
        first.expected());
  }
}
