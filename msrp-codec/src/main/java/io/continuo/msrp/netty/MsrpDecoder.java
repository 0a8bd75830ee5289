package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of one connection into [io.continuo.msrp.MsrpInbound]s, one for each chunk (RFC
/// 4975 §7.1, §9). Only the end-line tells where a message ends; Byte-Range is never believed about
/// it.
///
/// **Streaming.** A chunk of more than [MsrpLimits#maxPiece] bytes is handed on in
/// [MsrpBody.Piece]s as they come, so a message of any size takes no more memory than one piece. A
/// chunk over [MsrpLimits#maxChunk], or of a message over [MsrpLimits#maxMessage], ends with
/// [MsrpBody.TooLarge] as soon as that is known, and the rest of it is passed over.
///
/// **Errors.** A message whose head is not understood is a [MalformedMessage], handed on when its
/// end-line comes; a body of up to [MsrpLimits#maxChunk] bytes is passed over, and the next message
/// is read. Bytes that begin no message, heads over a limit, malformed or too large messages
/// without end and more than [#MAX_MALFORMED] malformed ones in a row throw
/// [MalformedMsrpException] (wrapped by Netty in a `DecoderException`); messages before them are
/// handed on, nothing after them is read, and whoever gets the exception closes the connection.
///
/// Threading: the connection's event loop.
public final class MsrpDecoder extends ByteToMessageDecoder {
  /// Malformed messages in a row; a peer that sends one more speaks no MSRP.
  public static final int MAX_MALFORMED = 1000;

  /// Line ends before a message, by which clients keep a silent connection alive: two each 15 s for
  /// three months. A peer that sends one more speaks no MSRP.
  public static final int MAX_LINE_ENDS = 1 << 20;

  /// Bytes of one chunk that are passed over after it was too large. A peer that was told to stop
  /// and sends more speaks no MSRP.
  public static final long MAX_PASSED_OVER = 1L << 30;

  private static final byte[] PREFIX = "MSRP ".getBytes(StandardCharsets.US_ASCII);
  private static final String BEGIN = "`MSRP ` at the begin of a message";
  private static final int LINE_END = 2;
  private static final int PREFIX_BEGIN = 'M' << 24 | 'S' << 16 | 'R' << 8 | 'P';

  private final MsrpLimits limits;
  private final long maxPassedOver;
  private final KnownLines knownLines = new KnownLines();
  private final Line line;
  private State state = State.START;
  private long offset;
  private long bodyAt;
  private int malformed;
  private int lineEnds;
  private @Nullable Head head;
  private @Nullable EndLine endLine;
  private long handedOn;
  private boolean refused;

  private enum State {
    START,
    HEADERS,
    BODY,
    UNWANTED,
    FAILED
  }

  /// For one connection.
  ///
  /// @param limits what is taken of this peer
  public MsrpDecoder(MsrpLimits limits) {
    this(limits, MAX_PASSED_OVER);
  }

  MsrpDecoder(MsrpLimits limits, long maxPassedOver) {
    this.limits = limits;
    this.maxPassedOver = maxPassedOver;
    this.line = new Line(limits);
  }

  /// Reads on until one message or piece is handed on or more bytes are needed.
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws MalformedMsrpException {
    try {
      while (out.isEmpty() && advance(in, out)) {
        // Another step, without Netty's account of each.
      }
      line.release(in);
    } catch (MalformedMsrpException e) {
      state = State.FAILED;
      line.release(in);
      in.skipBytes(in.readableBytes());
      throw e;
    }
  }

  /// Returns false when it takes more bytes to go on.
  private boolean advance(ByteBuf in, List<Object> out) throws MalformedMsrpException {
    return switch (state) {
      case START -> whenStarting(in);
      case HEADERS -> whenInHeaders(in, out);
      case BODY -> whenInBody(in, out);
      case UNWANTED -> whenUnwanted(in, out);
      case FAILED -> {
        in.skipBytes(in.readableBytes());
        yield false;
      }
    };
  }

  private boolean whenStarting(ByteBuf in) throws MalformedMsrpException {
    int there = Math.min(PREFIX.length, in.readableBytes());
    int wrong = there;
    if (there < PREFIX.length || !isPrefix(in)) {
      wrong = mismatch(in, there);
    }
    if (wrong < there) {
      return passLineEnd(in, wrong);
    }
    line.beginHead();
    if (!readLine(in)) {
      return false;
    }
    head = Head.begin(line, knownLines, limits.maxHeaders());
    state = State.HEADERS;
    lineEnds = 0;
    return true;
  }

  /// @param wrong where the bytes differ from the begin of a message
  private boolean passLineEnd(ByteBuf in, int wrong) throws MalformedMsrpException {
    int at = in.readerIndex();
    boolean whole = in.readableBytes() >= LINE_END;
    if (in.getByte(at) != '\r' || whole && in.getByte(at + 1) != '\n') {
      throw new MalformedMsrpException(offset + wrong, BEGIN);
    }
    if (!whole) {
      return false;
    }
    lineEnds++;
    if (lineEnds > MAX_LINE_ENDS) {
      throw new MalformedMsrpException(offset, BEGIN);
    }
    in.skipBytes(LINE_END);
    offset += LINE_END;
    return true;
  }

  private static boolean isPrefix(ByteBuf in) {
    return in.getInt(in.readerIndex()) == PREFIX_BEGIN
        && in.getByte(in.readerIndex() + Integer.BYTES) == ' ';
  }

  private static int mismatch(ByteBuf in, int there) {
    int at = 0;
    while (at < there && in.getByte(in.readerIndex() + at) == PREFIX[at]) {
      at++;
    }
    return at;
  }

  private boolean readLine(ByteBuf in) throws MalformedMsrpException {
    boolean read = line.read(in, offset);
    offset += read ? line.size() : 0;
    return read;
  }

  private boolean whenInHeaders(ByteBuf in, List<Object> out) throws MalformedMsrpException {
    Head current = head();
    while (readLine(in)) {
      if (line.length() == 0) {
        beginBody(current, in, out);
        return true;
      }
      Optional<Continuation> end = current.endLine(line);
      if (end.isPresent()) {
        current.end(line);
        endMessage(current, end.get(), out);
        return true;
      }
      current.header(line);
    }
    return false;
  }

  private void beginBody(Head current, ByteBuf in, List<Object> out) {
    current.end(line);
    line.release(in);
    endLine = new EndLine(current.transactionId());
    bodyAt = offset;
    handedOn = 0;
    if (!current.isUnderstoodRequest()) {
      state = State.UNWANTED;
      return;
    }
    state = State.BODY;
    malformed = 0;
    refused = current.announcesMoreThan(limits.maxMessage());
    if (refused) {
      out.add(current.message(MsrpBody.TOO_LARGE, Continuation.MORE));
    }
  }

  private boolean whenInBody(ByteBuf in, List<Object> out) throws MalformedMsrpException {
    EndLine end = endLine();
    if (refused) {
      return passOver(in, end);
    }
    int most = (int) Math.min(limits.maxPiece(), limits.maxChunk() - handedOn);
    end.search(in, most);
    if (end.known() > most) {
      handOnPart(in, end, most, out);
      return true;
    }
    if (end.isFound()) {
      endBody(in, end, out);
      return true;
    }
    return false;
  }

  /// The body of a malformed message, or of a response, which has none: some peers write the blank
  /// line before it all the same.
  private boolean whenUnwanted(ByteBuf in, List<Object> out) throws MalformedMsrpException {
    EndLine end = endLine();
    end.search(in, Integer.MAX_VALUE);
    boolean found = end.isFound();
    skip(in, end, end.known());
    if (offset - bodyAt > limits.maxChunk()) {
      throw new MalformedMsrpException(
          bodyAt, "the end-line within " + limits.maxChunk() + " bytes");
    }
    if (found) {
      Head current = head();
      if (offset > bodyAt) {
        current.note(bodyAt, "the end-line, since a response has no body");
      }
      skip(in, end, end.size());
      endMessage(current, end.flag(), out);
    }
    return found;
  }

  /// The end-line of a message without a body that is handed on.
  private void endMessage(Head current, Continuation flag, List<Object> out)
      throws MalformedMsrpException {
    MsrpInbound message = current.message(MsrpBody.NONE, flag);
    malformed = message instanceof MalformedMessage ? malformed + 1 : 0;
    if (malformed > MAX_MALFORMED) {
      throw new MalformedMsrpException(
          offset, "a message that can be understood, after " + MAX_MALFORMED + " of the others");
    }
    out.add(message);
    next();
  }

  private boolean passOver(ByteBuf in, EndLine end) throws MalformedMsrpException {
    end.search(in, Integer.MAX_VALUE);
    boolean found = end.isFound();
    skip(in, end, end.known());
    if (offset - bodyAt - handedOn > maxPassedOver) {
      throw new MalformedMsrpException(
          offset, "the end-line of a chunk that was too large " + maxPassedOver + " bytes ago");
    }
    if (found) {
      skip(in, end, end.size());
      next();
    }
    return found;
  }

  /// A piece is full and more of the body comes, which may be more than the chunk may have.
  private void handOnPart(ByteBuf in, EndLine end, int bytes, List<Object> out) {
    refused = handedOn + bytes == limits.maxChunk();
    byte[] piece = take(in, end, bytes);
    MsrpBody body = refused ? MsrpBody.TOO_LARGE : new MsrpBody.Piece(piece, handedOn, false);
    handedOn += bytes;
    out.add(head().message(body, Continuation.MORE));
  }

  private void endBody(ByteBuf in, EndLine end, List<Object> out) {
    byte[] bytes = take(in, end, end.known());
    MsrpBody body =
        handedOn == 0 ? new MsrpBody.Bytes(bytes) : new MsrpBody.Piece(bytes, handedOn, true);
    out.add(head().message(body, end.flag()));
    skip(in, end, end.size());
    next();
  }

  private byte[] take(ByteBuf in, EndLine end, int count) {
    byte[] bytes = new byte[count];
    in.readBytes(bytes);
    end.taken(count);
    offset += count;
    return bytes;
  }

  private void skip(ByteBuf in, EndLine end, int count) {
    in.skipBytes(count);
    end.taken(count);
    offset += count;
  }

  private Head head() {
    if (head == null) {
      throw new IllegalStateException("no head was read");
    }
    return head;
  }

  private EndLine endLine() {
    if (endLine == null) {
      throw new IllegalStateException("no body is read");
    }
    return endLine;
  }

  private void next() {
    state = State.START;
    head = null;
    endLine = null;
  }
}
