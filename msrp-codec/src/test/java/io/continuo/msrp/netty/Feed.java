package io.continuo.msrp.netty;

import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Bytes given to a decoder in portions, and what became of them.
///
/// @param messages what was decoded before the end or the fault
/// @param fault what was wrong; empty when nothing was
record Feed(List<MsrpInbound> messages, String fault) {
  /// The sizes of the portions.
  interface Cuts {
    int next();
  }

  static Feed whole(byte[] wire, MsrpLimits limits) {
    return cut(wire, limits, () -> Math.max(1, wire.length));
  }

  static Feed byteByByte(byte[] wire, MsrpLimits limits) {
    return cut(wire, limits, () -> 1);
  }

  /// Cut at seeded random places.
  static Feed randomly(byte[] wire, MsrpLimits limits, long seed) {
    var random = new Random(seed);
    int most = 1 + random.nextInt(60);
    return cut(wire, limits, () -> 1 + random.nextInt(most));
  }

  static Feed cut(byte[] wire, MsrpLimits limits, Cuts cuts) {
    var decoder = new MsrpDecoder(limits);
    ByteBuf in = Unpooled.wrappedBuffer(wire).writerIndex(0);
    List<MsrpInbound> messages = new ArrayList<>();
    try {
      while (in.writerIndex() < wire.length) {
        in.writerIndex(Math.min(wire.length, in.writerIndex() + cuts.next()));
        readAll(decoder, in, messages);
      }
    } catch (MalformedMsrpException e) {
      return new Feed(messages, String.valueOf(e.getMessage()));
    }
    return new Feed(messages, "");
  }

  /// As Netty's [io.netty.handler.codec.ByteToMessageDecoder] calls it.
  private static void readAll(MsrpDecoder decoder, ByteBuf in, List<MsrpInbound> messages)
      throws MalformedMsrpException {
    List<Object> out = new ArrayList<>();
    int before = -1;
    while (in.isReadable() && (!out.isEmpty() || before != in.readerIndex())) {
      before = in.readerIndex();
      out.clear();
      decoder.decode(null, in, out);
      out.forEach(message -> messages.add((MsrpInbound) message));
    }
  }

  /// Every message in words, bodies included.
  List<String> words() {
    List<String> words = new ArrayList<>(messages.stream().map(Feed::words).toList());
    words.add(fault);
    return words;
  }

  static String words(MsrpInbound message) {
    String start =
        switch (message) {
          case MsrpRequest request ->
              request.method() + " " + request.continuation() + " " + words(request.body());
          case MsrpResponse response -> response.status() + " " + response.comment();
          case MalformedMessage bad ->
              bad.status() + " at " + bad.offset() + " expected " + bad.expected();
        };
    return String.join(
        "\n",
        message.transactionId() + " " + start,
        message.toPath().toString(),
        message.fromPath().toString(),
        message.headers().toString());
  }

  private static String words(MsrpBody body) {
    return switch (body) {
      case MsrpBody.None none -> "no body";
      case MsrpBody.TooLarge tooLarge -> "too large";
      case MsrpBody.Bytes bytes -> "bytes " + text(bytes.bytes());
      case MsrpBody.Piece piece -> piece + " " + text(piece.bytes());
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
