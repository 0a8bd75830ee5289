package io.continuo.sipp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The lossy hop loses as its seed says, and counts what it lost and what it saw again.
class LossyForwarderTest {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final String LAST = "last";

  /// What arrives of so many different datagrams. The last one is repeated until it arrives: it
  /// marks the end, since a hop keeps the order.
  private static List<String> arriving(long seed, double loss, int count) throws IOException {
    try (DatagramSocket server = socket();
        DatagramSocket client = socket();
        LossyForwarder hop = LossyForwarder.towards(address(server), seed, loss)) {
      for (int i = 0; i < count; i++) {
        send(client, "datagram " + i, hop.address());
      }
      for (int i = 0; i <= LossyForwarder.MAX_LOST_IN_A_ROW; i++) {
        send(client, LAST, hop.address());
      }
      List<String> arrived = new ArrayList<>();
      for (String text = receive(server); !text.equals(LAST); text = receive(server)) {
        arrived.add(text);
      }
      return arrived;
    }
  }

  private static DatagramSocket socket() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    socket.setSoTimeout(PATIENCE_MILLIS);
    return socket;
  }

  private static InetSocketAddress address(DatagramSocket socket) {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private static void send(DatagramSocket from, String text, InetSocketAddress to)
      throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    from.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static String receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    at.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), UTF_8);
  }

  @Test
  void theSameSeedLosesTheSame() throws IOException {
    List<String> once = arriving(7, 0.25, 100);

    assertThat(once).hasSizeBetween(50, 95);
    assertThat(arriving(7, 0.25, 100)).isEqualTo(once);
    assertThat(arriving(8, 0.25, 100)).isNotEqualTo(once);
  }

  @Test
  void itNeverLosesMoreInARowThanItsLimit() throws IOException {
    assertThat(arriving(1, 1.0, 8)).containsExactly("datagram 3", "datagram 7");
  }

  @Test
  void withoutLossEverythingArrivesInOrder() throws IOException {
    assertThat(arriving(1, 0, 3)).containsExactly("datagram 0", "datagram 1", "datagram 2");
  }

  @Test
  void whatIsSentAgainIsCountedAsARetransmission() throws IOException {
    try (DatagramSocket server = socket();
        DatagramSocket client = socket();
        LossyForwarder hop = LossyForwarder.towards(address(server), 1, 1.0)) {
      for (int i = 0; i <= LossyForwarder.MAX_LOST_IN_A_ROW; i++) {
        send(client, "again and again", hop.address());
      }

      assertThat(receive(server)).isEqualTo("again and again");
      assertThat(hop.lost()).isEqualTo(LossyForwarder.MAX_LOST_IN_A_ROW);
      assertThat(hop.retransmissions()).isEqualTo(LossyForwarder.MAX_LOST_IN_A_ROW);
    }
  }

  @Test
  void theServersAnswerFindsTheClient() throws IOException {
    try (DatagramSocket server = socket();
        DatagramSocket client = socket();
        LossyForwarder hop = LossyForwarder.towards(address(server), 1, 0)) {
      send(client, "question", hop.address());
      DatagramPacket question = new DatagramPacket(new byte[100], 100);
      server.receive(question);

      send(server, "answer", (InetSocketAddress) question.getSocketAddress());

      assertThat(receive(client)).isEqualTo("answer");
    }
  }
}
