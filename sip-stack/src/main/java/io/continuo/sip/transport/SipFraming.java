package io.continuo.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Cuts a TCP or TLS stream into messages by Content-Length (RFC 3261 §18.3). Nothing is allocated
/// for a body before its announced size was checked.
///
/// Threading: the connection's event loop.
final class SipFraming extends ByteToMessageDecoder {
  /// A larger body than this is not read to its end: the connection closes instead.
  static final int MAX_SKIPPED = 1 << 20;

  /// The first byte of a TLS record with a ClientHello; no SIP message begins with it.
  private static final byte TLS_HANDSHAKE = 0x16;

  /// What comes out.
  sealed interface Frame {
    record Message(byte[] bytes) implements Frame {}

    /// CRLF CRLF between messages (RFC 5626 §4.4.1).
    record Ping() implements Frame {}

    record Oversize(byte[] head, boolean skipped) implements Frame {}

    record Unframed(byte[] head, String reason) implements Frame {}

    /// Another protocol; there is no answer that its peer would understand.
    record Foreign(String reason) implements Frame {}
  }

  private final int maxMessage;
  private int scanned;
  private int lineBreaks;
  private int toSkip;
  private int awaited;
  private boolean dead;
  private boolean begun;

  SipFraming(int maxMessage) {
    this.maxMessage = maxMessage;
  }

  /// Whether a message has begun and is not complete.
  boolean inside() {
    return scanned > 0 || toSkip > 0 || awaited > 0;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (dead) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!begun && in.isReadable()) {
      begun = true;
      if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
        foreign(in, "TLS on the Plain Port", out);
        return;
      }
    }
    if (toSkip > 0) {
      skip(in);
      return;
    }
    if (awaited > 0) {
      takeWhole(in, out);
      return;
    }
    if (scanned == 0 && skipLineBreaks(in, out)) {
      return;
    }
    int end = endOfHeaders(in);
    if (end > maxMessage) {
      oversize(in, end, out);
    } else if (end >= 0) {
      frame(in, end, out);
    } else if (in.readableBytes() > maxMessage) {
      oversize(in, in.readableBytes(), out);
    }
  }

  /// Takes line breaks before a start line; true when there is nothing else to do now.
  private boolean skipLineBreaks(ByteBuf in, List<Object> out) {
    while (in.isReadable()) {
      byte next = in.getByte(in.readerIndex());
      if (next != '\r' && next != '\n') {
        lineBreaks = 0;
        return false;
      }
      in.skipBytes(1);
      if (next == '\n' && ++lineBreaks == 2) {
        lineBreaks = 0;
        out.add(new Frame.Ping());
      }
    }
    return true;
  }

  /// Index after the empty line, relative to the reader index; -1 when it is not there yet.
  private int endOfHeaders(ByteBuf in) {
    int readable = in.readableBytes();
    int base = in.readerIndex();
    for (int i = Math.max(scanned, 1); i < readable; i++) {
      if (in.getByte(base + i) == '\n' && emptyLineBefore(in, base, i)) {
        return i + 1;
      }
    }
    scanned = readable;
    return -1;
  }

  private void foreign(ByteBuf in, String reason, List<Object> out) {
    dead = true;
    scanned = 0;
    in.skipBytes(in.readableBytes());
    out.add(new Frame.Foreign(reason));
  }

  /// Whether the start line is that of an HTTP request.
  private static boolean isHttp(byte[] head) {
    int end = 0;
    while (end < head.length && head[end] != '\r' && head[end] != '\n') {
      end++;
    }
    int from = Math.max(0, end - " HTTP/1.1".length());
    return new String(head, from, end - from, StandardCharsets.ISO_8859_1).startsWith(" HTTP/1.");
  }

  private static boolean emptyLineBefore(ByteBuf in, int base, int i) {
    int before = in.getByte(base + i - 1);
    return before == '\n' || (before == '\r' && i >= 2 && in.getByte(base + i - 2) == '\n');
  }

  private void frame(ByteBuf in, int headLength, List<Object> out) {
    byte[] head = ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(headLength, maxMessage));
    long content = ContentLength.of(new String(head, StandardCharsets.ISO_8859_1));
    if (isHttp(head)) {
      foreign(in, "HTTP on the SIP Port", out);
    } else if (content < 0) {
      dead = true;
      scanned = 0;
      in.skipBytes(in.readableBytes());
      out.add(new Frame.Unframed(head, ContentLength.BAD));
    } else if (headLength + content > maxMessage) {
      skipBody(in, head, headLength + content, out);
    } else {
      awaited = headLength + (int) content;
      scanned = 0;
      takeWhole(in, out);
    }
  }

  private void takeWhole(ByteBuf in, List<Object> out) {
    if (in.readableBytes() >= awaited) {
      out.add(new Frame.Message(ByteBufUtil.getBytes(in.readSlice(awaited))));
      awaited = 0;
    }
  }

  private void skipBody(ByteBuf in, byte[] head, long total, List<Object> out) {
    if (total > MAX_SKIPPED) {
      oversize(in, head.length, out);
      return;
    }
    toSkip = (int) total;
    scanned = 0;
    skip(in);
    out.add(new Frame.Oversize(head, true));
  }

  private void skip(ByteBuf in) {
    int now = Math.min(toSkip, in.readableBytes());
    in.skipBytes(now);
    toSkip -= now;
  }

  private void oversize(ByteBuf in, int taken, List<Object> out) {
    byte[] head = ByteBufUtil.getBytes(in, in.readerIndex(), Math.min(taken, maxMessage));
    dead = true;
    scanned = 0;
    in.skipBytes(in.readableBytes());
    out.add(new Frame.Oversize(head, false));
  }
}
