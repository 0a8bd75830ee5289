package io.continuo.clients;

import io.continuo.clients.doubles.Wiretap.Heard;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the doubles heard, as a capture file: each message is one packet, in the order of the list.
///
/// Made here and not captured on `lo`: that needs rights a build seldom has, and would bring the
/// traffic of others and what is inside TLS unread. The headers of IP, TCP and UDP are made up; the
/// bytes inside are those that came out of the sockets.
final class Capture {
  private static final int MAGIC = 0xa1b2c3d4;
  private static final int RAW_IP = 101;
  private static final int SNAP = 262_144;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int PSH_ACK = 0x5018;

  /// Bytes sent so far, by direction.
  private final Map<String, Integer> sent = new HashMap<>();

  private Capture() {}

  static Path write(Path file, List<Heard> messages) throws IOException {
    Capture capture = new Capture();
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(
          little(24)
              .putInt(MAGIC)
              .putShort((short) 2)
              .putShort((short) 4)
              .putInt(0)
              .putInt(0)
              .putInt(SNAP)
              .putInt(RAW_IP)
              .array());
      int second = 0;
      for (Heard message : messages) {
        byte[] packet = capture.packet(message);
        out.write(
            little(16)
                .putInt(second++)
                .putInt(0)
                .putInt(packet.length)
                .putInt(packet.length)
                .array());
        out.write(packet);
      }
    }
    return file;
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] packet(Heard message) throws IOException {
    byte[] segment = message.datagram() ? udp(message) : tcp(message);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream ip = new DataOutputStream(bytes);
    ip.writeShort(0x4500);
    ip.writeShort(20 + segment.length);
    ip.writeInt(0);
    ip.writeByte(64);
    ip.writeByte(message.datagram() ? UDP : TCP);
    ip.writeShort(0);
    ip.write(message.from().getAddress().getAddress());
    ip.write(message.to().getAddress().getAddress());
    ip.write(segment);
    return bytes.toByteArray();
  }

  private static byte[] udp(Heard message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream udp = new DataOutputStream(bytes);
    udp.writeShort(message.from().getPort());
    udp.writeShort(message.to().getPort());
    udp.writeShort(8 + message.bytes().length);
    udp.writeShort(0);
    udp.write(message.bytes());
    return bytes.toByteArray();
  }

  private byte[] tcp(Heard message) throws IOException {
    String there = direction(message.from(), message.to());
    int sequence = sent.getOrDefault(there, 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream tcp = new DataOutputStream(bytes);
    tcp.writeShort(message.from().getPort());
    tcp.writeShort(message.to().getPort());
    tcp.writeInt(sequence);
    tcp.writeInt(sent.getOrDefault(direction(message.to(), message.from()), 1));
    tcp.writeShort(PSH_ACK);
    tcp.writeShort(0xffff);
    tcp.writeInt(0);
    tcp.write(message.bytes());
    sent.put(there, sequence + message.bytes().length);
    return bytes.toByteArray();
  }

  private static String direction(InetSocketAddress from, InetSocketAddress to) {
    return from.getPort() + ">" + to.getPort();
  }
}
