package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpLimits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of one connection into [MsrpMessage]s, one for each chunk (RFC 4975 §7.1, §9).
/// Only the end-line tells where a message ends.
///
/// A chunk over [MsrpLimits#maxChunk], or of a message over [MsrpLimits#maxMessage], is handed on
/// with [MsrpBody.TooLarge] as soon as that is known, and the rest of it is passed over. Bytes that
/// are not MSRP throw [MalformedMsrpException] (wrapped by Netty in a `DecoderException`); messages
/// before them are handed on, nothing after them is read, and whoever gets the exception closes the
/// connection.
///
/// Threading: the connection's event loop.
public final class MsrpDecoder extends ByteToMessageDecoder {
  private static final byte[] PREFIX = "MSRP ".getBytes(StandardCharsets.US_ASCII);

  private final MsrpLimits limits;
  private final Paths paths = new Paths();
  private State state = State.START;
  private long offset;
  private int headBytes;
  private int scanned;
  private @Nullable Head head;
  private @Nullable BodyReader body;
  private boolean handedOn;

  private enum State {
    START,
    HEADERS,
    BODY,
    FAILED
  }

  public MsrpDecoder(MsrpLimits limits) {
    this.limits = limits;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws MalformedMsrpException {
    try {
      switch (state) {
        case START -> whenStarting(in);
        case HEADERS -> whenInHeaders(in, out);
        case BODY -> whenInBody(in, out);
        case FAILED -> in.skipBytes(in.readableBytes());
      }
    } catch (MalformedMsrpException e) {
      state = State.FAILED;
      in.skipBytes(in.readableBytes());
      throw e;
    }
  }

  private void whenStarting(ByteBuf in) throws MalformedMsrpException {
    for (int i = 0; i < Math.min(PREFIX.length, in.readableBytes()); i++) {
      if (in.getByte(in.readerIndex() + i) != PREFIX[i]) {
        throw new MalformedMsrpException(offset + i, "`MSRP ` at the begin of a message");
      }
    }
    long lineAt = offset;
    String line = line(in);
    if (line != null) {
      head = Head.begin(line, paths, lineAt);
      state = State.HEADERS;
    }
  }

  private void whenInHeaders(ByteBuf in, List<Object> out) throws MalformedMsrpException {
    Head current = head();
    long lineAt = offset;
    String line = line(in);
    if (line == null) {
      return;
    }
    if (line.isEmpty()) {
      beginBody(current, lineAt, out);
      return;
    }
    Optional<Continuation> end = current.endLine(line, lineAt);
    if (end.isPresent()) {
      current.requirePaths(lineAt);
      out.add(current.message(MsrpBody.NONE, end.get()));
      next();
    } else {
      current.header(line, lineAt);
    }
  }

  private void beginBody(Head current, long lineAt, List<Object> out)
      throws MalformedMsrpException {
    current.requirePaths(lineAt);
    if (!current.isRequest()) {
      throw new MalformedMsrpException(lineAt, "the end-line, since a response has no body");
    }
    boolean refused = current.announcedTotal() > limits.maxMessage();
    body = new BodyReader(current.delimiter(), refused ? 0 : limits.maxChunk());
    state = State.BODY;
    if (refused) {
      handOnTooLarge(current, out);
    }
  }

  private void whenInBody(ByteBuf in, List<Object> out) {
    if (body == null) {
      throw new IllegalStateException("no body is read");
    }
    offset += body.read(in);
    if (body.tooLarge() && !handedOn) {
      handOnTooLarge(head(), out);
    }
    Optional<Continuation> end = body.end();
    if (end.isPresent()) {
      if (!handedOn) {
        out.add(head().message(new MsrpBody.Bytes(body.body()), end.get()));
      }
      next();
    }
  }

  private void handOnTooLarge(Head current, List<Object> out) {
    handedOn = true;
    out.add(current.message(MsrpBody.TOO_LARGE, Continuation.MORE));
  }

  private Head head() {
    if (head == null) {
      throw new IllegalStateException("no head was read");
    }
    return head;
  }

  private void next() {
    state = State.START;
    headBytes = 0;
    head = null;
    body = null;
    handedOn = false;
  }

  /// The next line without its CRLF, or nothing while it is not whole.
  private @Nullable String line(ByteBuf in) throws MalformedMsrpException {
    int from = in.readerIndex();
    int lineFeed = in.indexOf(from + scanned, in.writerIndex(), (byte) '\n');
    int length = lineFeed < 0 ? in.readableBytes() : lineFeed - from + 1;
    requireWithinLimits(length);
    if (lineFeed < 0) {
      scanned = length;
      return null;
    }
    scanned = 0;
    if (length < 2 || in.getByte(lineFeed - 1) != '\r') {
      throw new MalformedMsrpException(offset + length - 1, "CR before LF");
    }
    String line = in.toString(from, length - 2, StandardCharsets.UTF_8);
    in.skipBytes(length);
    offset += length;
    headBytes += length;
    return line;
  }

  private void requireWithinLimits(int length) throws MalformedMsrpException {
    if (length > limits.maxLine()) {
      throw new MalformedMsrpException(offset, "a line of at most " + limits.maxLine() + " bytes");
    }
    if (headBytes + length > limits.maxHead()) {
      throw new MalformedMsrpException(offset, "a head of at most " + limits.maxHead() + " bytes");
    }
  }
}
