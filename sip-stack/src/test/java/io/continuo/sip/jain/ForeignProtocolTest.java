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
    socket.setSoTimeout(5_000);
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
      socket.setSoTimeout(5_000);
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
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "after", 1, ""));

    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("after");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
  }
}
