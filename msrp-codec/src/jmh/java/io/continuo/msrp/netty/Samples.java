package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The bytes that the benchmarks read.
final class Samples {
  static final int SIZE = 600;

  private Samples() {}

  static ByteBuf send() {
    String head =
        "MSRP d93kswow4fja2k SEND\r\n"
            + "To-Path: msrp://192.0.2.17:2855/si438dsaodes4fjw92kd;tcp\r\n"
            + "From-Path: msrp://198.51.100.23:7654/jshA7weztas3k2d9f;tcp\r\n"
            + "Message-ID: 87652491kd93lsd\r\n"
            + "Byte-Range: 1-256/256\r\n"
            + "Success-Report: no\r\n"
            + "Failure-Report: yes\r\n"
            + "Content-Type: message/cpim\r\n"
            + "\r\n";
    String end = "\r\n-------d93kswow4fja2k$\r\n";
    return bytes(head + body(SIZE - head.length() - end.length()) + end);
  }

  static ByteBuf http() {
    String head =
        "POST /jshA7weztas3k2d9f/messages HTTP/1.1\r\n"
            + "Host: 192.0.2.17:2855\r\n"
            + "User-Agent: example-client/1.0 (phone)\r\n"
            + "Accept: application/json\r\n"
            + "X-Message-ID: 87652491kd93lsd\r\n"
            + "X-Conversation: si438dsaodes4fjw92kd8765\r\n"
            + "Content-Type: message/cpim\r\n"
            + "Content-Length: %d\r\n"
            + "\r\n";
    int length = SIZE - head.length() + "%d".length() - 3;
    return bytes(head.formatted(length) + body(length));
  }

  private static String body(int length) {
    String cpim =
        "From: <sip:alice@example.com>\r\nTo: <sip:bob@example.com>\r\n"
            + "DateTime: 2026-01-01T12:00:00.000Z\r\nNS: imdn <urn:ietf:params:imdn>\r\n"
            + "imdn.Message-ID: 34jk324j\r\n\r\nContent-Type: text/plain\r\n\r\n";
    return (cpim + "Hello, are you there? ".repeat(20)).substring(0, length);
  }

  private static ByteBuf bytes(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length != SIZE) {
      throw new IllegalStateException(bytes.length + " bytes");
    }
    return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes);
  }

  static Leg decodedAndItsLeg() {
    var channel = new EmbeddedChannel(new MsrpDecoder(MsrpLimits.DEFAULT));
    channel.writeInbound(send());
    return new Leg(
        channel.readInbound(),
        List.of(MsrpUri.of("203.0.113.5", 12763, "kjhd37s2s20w2a8sk3")),
        List.of(MsrpUri.of("192.0.2.17", 2855, "9di4eae923wzd3js8f")),
        TransactionIds.seeded());
  }

  /// Another device that gets the same message.
  record Leg(
      MsrpRequest message, List<MsrpUri> toPath, List<MsrpUri> fromPath, TransactionIds ids) {
    MsrpRequest copy() {
      return new MsrpRequest(
          ids.next(),
          message.method(),
          toPath,
          fromPath,
          message.headers(),
          message.body(),
          message.continuation());
    }
  }
}
