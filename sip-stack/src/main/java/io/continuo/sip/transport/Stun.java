package io.continuo.sip.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The keep-alive of RFC 5626 §4.4.2: a STUN binding request on the SIP port, answered with the
/// address that it came from (RFC 5389 §7.3.1), so that the device also sees when its NAT has given
/// it another one. A request that demands what we do not know is answered 420 with the list of it.
final class Stun {
  private static final int HEADER = 20;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final short BINDING_REQUEST = 0x0001;
  private static final short BINDING_SUCCESS = 0x0101;
  private static final short BINDING_ERROR = 0x0111;
  private static final short ERROR_CODE = 0x0009;
  private static final short UNKNOWN_ATTRIBUTES = 0x000A;
  private static final short XOR_MAPPED_ADDRESS = 0x0020;

  /// From here on an attribute need not be understood (RFC 5389 §15).
  private static final int OPTIONAL = 0x8000;

  /// Those that RFC 5389 §18.2 defines and that must be understood: in a request without
  /// authentication they say nothing to us.
  private static final Set<Integer> UNDERSTOOD =
      Set.of(0x0001, 0x0006, 0x0008, 0x0009, 0x000A, 0x0014, 0x0015, 0x0020);

  private static final byte[] UNKNOWN_ATTRIBUTE =
      "Unknown Attribute".getBytes(StandardCharsets.US_ASCII);
  private static final byte IPV4 = 1;
  private static final byte IPV6 = 2;

  private Stun() {}

  /// Whether it is STUN: SIP never begins with two zero bits (RFC 5626 §8.2).
  static boolean is(byte[] datagram) {
    return datagram.length >= HEADER
        && (datagram[0] & 0xC0) == 0
        && ByteBuffer.wrap(datagram).getInt(4) == MAGIC_COOKIE;
  }

  /// The answer; empty when there is none to give: indications, answers, and what has not the
  /// lengths that it says (RFC 5389 §7.3: malformed is discarded).
  static Optional<byte[]> answer(byte[] datagram, InetSocketAddress from) {
    ByteBuffer request = ByteBuffer.wrap(datagram);
    int length = Short.toUnsignedInt(request.getShort(2));
    if (request.getShort(0) != BINDING_REQUEST || length != datagram.length - HEADER) {
      return Optional.empty();
    }
    return unknown(request)
        .map(them -> them.isEmpty() ? mapped(datagram, from) : refusal(datagram, them));
  }

  /// The attributes that must be understood and are not; empty when they do not fill the message.
  private static Optional<Set<Integer>> unknown(ByteBuffer request) {
    Set<Integer> unknown = new TreeSet<>();
    int at = HEADER;
    while (at + 4 <= request.limit()) {
      int type = Short.toUnsignedInt(request.getShort(at));
      if (type < OPTIONAL && !UNDERSTOOD.contains(type)) {
        unknown.add(type);
      }
      at += 4 + padded(Short.toUnsignedInt(request.getShort(at + 2)));
    }
    return at == request.limit() ? Optional.of(unknown) : Optional.empty();
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }

  /// 420 (RFC 5389 §15.6, §15.9). Never larger than the request but for its fixed part.
  private static byte[] refusal(byte[] datagram, Set<Integer> unknown) {
    int code = 4 + UNKNOWN_ATTRIBUTE.length;
    int list = 2 * unknown.size();
    int length = 4 + padded(code) + 4 + padded(list);
    ByteBuffer answer = ByteBuffer.allocate(HEADER + length);
    answer.putShort(BINDING_ERROR).putShort((short) length).put(datagram, 4, 16);
    answer.putShort(ERROR_CODE).putShort((short) code).putShort((short) 0);
    answer.put((byte) 4).put((byte) 20).put(UNKNOWN_ATTRIBUTE);
    answer.position(HEADER + 4 + padded(code));
    answer.putShort(UNKNOWN_ATTRIBUTES).putShort((short) list);
    unknown.forEach(type -> answer.putShort(type.shortValue()));
    return answer.array();
  }

  private static byte[] mapped(byte[] datagram, InetSocketAddress from) {
    byte[] address = from.getAddress().getAddress();
    ByteBuffer answer = ByteBuffer.allocate(HEADER + 8 + address.length);
    answer
        .putShort(BINDING_SUCCESS)
        .putShort((short) (8 + address.length))
        .put(datagram, 4, 16)
        .putShort(XOR_MAPPED_ADDRESS)
        .putShort((short) (4 + address.length))
        .put((byte) 0)
        .put(address.length == 4 ? IPV4 : IPV6)
        .putShort((short) (from.getPort() ^ MAGIC_COOKIE >>> 16));
    for (int i = 0; i < address.length; i++) {
      // With the cookie, and for IPv6 the transaction id after it: both stand in the request.
      answer.put((byte) (address[i] ^ datagram[4 + i]));
    }
    return answer.array();
  }
}
