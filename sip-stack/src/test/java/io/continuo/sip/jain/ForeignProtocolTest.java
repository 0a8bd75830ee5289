package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.testing.TestTls;
import io.continuo.sip.testing.TextPeer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What comes to the wrong port is told in one line and closed; nothing of it reaches the stack.
class ForeignProtocolTest extends EndpointTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Socket socket(SipEndpoint endpoint, Flow.Transport transport) throws IOException {
    InetSocketAddress server = endpoint.address(transport);
    Socket socket = closing(new Socket(server.getAddress(), server.getPort()));
    socket.setSoTimeout(TextPeer.READ_MILLIS);
    return socket;
  }

  private void toldOnce(String reason) {
    assertThat(application.next()).isEqualTo("screened 0 " + reason);
    assertThat(application.next()).isEqualTo("closed");
    assertThat(application.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLS", "WSS"})
  void plainBytesOnATlsPort(String transport) throws IOException {
    Socket socket = socket(endpoint(), Flow.Transport.valueOf(transport));

    socket.getOutputStream().write(bytes("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TLS h\r\n\r\n"));

    assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(50); // an alert at most
    toldOnce("No TLS on the TLS Port");
  }

  @Test
  void tlsOnThePlainPort() {
    SipEndpoint endpoint = endpoint();

    assertThatThrownBy(() -> TestTls.connect(endpoint.address(Flow.Transport.TCP)))
        .isInstanceOf(IOException.class);
    toldOnce("TLS on the Plain Port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /x HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"
      })
  void httpOnTheSipPort(String request) throws IOException {
    Socket socket = socket(endpoint(), Flow.Transport.TCP);

    socket.getOutputStream().write(bytes(request));

    assertThat(socket.getInputStream().read()).isEqualTo(-1);
    toldOnce("HTTP on the SIP Port");
  }

  @Test
  void aTlsHandshakeThatFailsIsToldOnce() throws Exception {
    SipEndpoint endpoint = endpoint();
    javax.net.ssl.SSLContext distrustful = javax.net.ssl.SSLContext.getInstance("TLS");
    distrustful.init(null, null, null);
    InetSocketAddress server = endpoint.address(Flow.Transport.TLS);

    try (Socket socket =
        distrustful.getSocketFactory().createSocket(server.getAddress(), server.getPort())) {
      assertThatThrownBy(((javax.net.ssl.SSLSocket) socket)::startHandshake)
          .isInstanceOf(IOException.class);
    }
    toldOnce("TLS Failed");
  }

  @Test
  @Spec("RFC 5626 §4.4.2")
  void aStunBindingRequestIsAnsweredWithTheSource() throws IOException {
    SipEndpoint endpoint = endpoint();
    ByteBuffer request = ByteBuffer.allocate(20);
    request.putShort((short) 1).putShort((short) 0).putInt(0x2112A442);
    for (int i = 0; i < 12; i++) {
      request.put((byte) i);
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TextPeer.READ_MILLIS);
      socket.send(new DatagramPacket(request.array(), 20, endpoint.address()));
      DatagramPacket packet = new DatagramPacket(new byte[100], 100);
      socket.receive(packet);

      ByteBuffer answer = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
      assertThat(packet.getLength()).isEqualTo(32);
      assertThat(answer.getShort(0)).isEqualTo((short) 0x0101);
      assertThat(answer.getShort(2)).isEqualTo((short) 12);
      assertThat(answer.slice(4, 16)).isEqualTo(request.slice(4, 16));
      assertThat(answer.getShort(20)).isEqualTo((short) 0x0020);
      assertThat((answer.getShort(26) ^ 0x2112) & 0xFFFF).isEqualTo(socket.getLocalPort());
      assertThat(answer.getInt(28) ^ 0x2112A442).isEqualTo(0x7F000001);
    }
    assertThat(application.told).isEmpty();
  }

  /// A binding request with these attributes.
  private static byte[] stun(byte[]... attributes) {
    int length = Stream.of(attributes).mapToInt(one -> one.length).sum();
    ByteBuffer request = ByteBuffer.allocate(20 + length);
    request.putShort((short) 1).putShort((short) length).putInt(0x2112A442);
    request.position(20);
    Stream.of(attributes).forEach(request::put);
    return request.array();
  }

  private static byte[] attribute(int type, int length) {
    ByteBuffer attribute = ByteBuffer.allocate(4 + (length + 3) / 4 * 4);
    return attribute.putShort((short) type).putShort((short) length).array();
  }

  private static ByteBuffer answer(SipEndpoint endpoint, byte[] request) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(TextPeer.READ_MILLIS);
      socket.send(new DatagramPacket(request, request.length, endpoint.address()));
      DatagramPacket packet = new DatagramPacket(new byte[500], 500);
      socket.receive(packet);
      return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }
  }

  @Test
  @Spec("RFC 5389 §7.3.1")
  void aStunRequestThatDemandsTheUnknownIs420WithTheListOfIt() throws IOException {
    byte[] request =
        stun(
            attribute(0x8022, 3), // SOFTWARE: optional
            attribute(0x0024, 4), // PRIORITY and USE-CANDIDATE of ICE
            attribute(0x0025, 0),
            attribute(0x0024, 5),
            attribute(0x0006, 1)); // USERNAME

    ByteBuffer answer = answer(endpoint(), request);

    assertThat(answer.getShort(0)).isEqualTo((short) 0x0111);
    assertThat(answer.getShort(2)).isEqualTo((short) (answer.limit() - 20));
    assertThat(answer.slice(4, 16)).isEqualTo(ByteBuffer.wrap(request, 4, 16));
    assertThat(answer.getShort(20)).isEqualTo((short) 0x0009);
    assertThat(answer.getShort(22)).isEqualTo((short) 21);
    assertThat(answer.getInt(24)).isEqualTo(0x0414);
    assertThat(new String(answer.array(), 28, 17, StandardCharsets.US_ASCII))
        .isEqualTo("Unknown Attribute");
    assertThat(answer.getShort(48)).isEqualTo((short) 0x000A);
    assertThat(answer.getShort(50)).isEqualTo((short) 4);
    assertThat(answer.getInt(52)).isEqualTo(0x00240025);
    assertThat(answer.limit()).isEqualTo(56);
  }

  @Test
  @Spec("RFC 5389 §7.3.1")
  void whatStunAllowsUsNotToUnderstandIsPassedOver() throws IOException {
    ByteBuffer answer =
        answer(endpoint(), stun(attribute(0x8022, 3), attribute(0x0006, 2), attribute(0x8028, 4)));

    assertThat(answer.getShort(0)).isEqualTo((short) 0x0101);
  }

  @Test
  @Spec("RFC 5626 §4.4.2")
  void otherStunIsIgnored() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    ByteBuffer indication = ByteBuffer.allocate(20);
    indication.putShort((short) 0x0011).putShort((short) 0).putInt(0x2112A442);
    ByteBuffer lying = ByteBuffer.allocate(20);
    lying.putShort((short) 1).putShort((short) 400).putInt(0x2112A442);
    peer.sendRaw(indication.array());
    peer.sendRaw(lying.array());
    byte[] cutShort = stun(attribute(0x0024, 4));
    cutShort[23] = 5; // longer than the message
    peer.sendRaw(cutShort);
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "after", 1, ""));

    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("after");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
  }
}
