package io.continuo.sip.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The keep-alive of RFC 5626 §4.4.2: a STUN binding request on the SIP port, answered with the
/// address that it came from (RFC 5389 §7.3.1), so that the device also sees when its NAT has given
/// it another one.
final class Stun {
  private static final int HEADER = 20;
  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final short BINDING_REQUEST = 0x0001;
  private static final short BINDING_SUCCESS = 0x0101;
  private static final short XOR_MAPPED_ADDRESS = 0x0020;
  private static final byte IPV4 = 1;
  private static final byte IPV6 = 2;

  private Stun() {}

  /// Whether it is STUN: SIP never begins with two zero bits (RFC 5626 §8.2).
  static boolean is(byte[] datagram) {
    return datagram.length >= HEADER
        && (datagram[0] & 0xC0) == 0
        && ByteBuffer.wrap(datagram).getInt(4) == MAGIC_COOKIE;
  }

  /// The answer; empty when there is none to give: indications, answers, what has not the length
  /// that it says.
  static Optional<byte[]> answer(byte[] datagram, InetSocketAddress from) {
    ByteBuffer request = ByteBuffer.wrap(datagram);
    int length = Short.toUnsignedInt(request.getShort(2));
    if (request.getShort(0) != BINDING_REQUEST || length != datagram.length - HEADER) {
      return Optional.empty();
    }
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
    return Optional.of(answer.array());
  }
}
