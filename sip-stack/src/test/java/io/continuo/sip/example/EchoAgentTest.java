package io.continuo.sip.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.testing.TextPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EchoAgentTest {

  @Test
  void theAgentOfTheReadmeAnswersAndEchoes() throws IOException {
    try (EchoAgent agent = new EchoAgent("127.0.0.1", 0);
        TextPeer peer = TextPeer.udp(agent.endpoint().address())) {
      String hello =
          peer.request("MESSAGE", "sip:echo@127.0.0.1", "m", 1, "Content-Type: text/plain");
      peer.send(hello + "\n\nhello");
      assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("1 MESSAGE");
      String echo = peer.receive("MESSAGE sip:127.0.0.1 SIP/2.0");
      assertThat(TextPeer.body(echo)).isEqualTo("hello");
      assertThat(TextPeer.header(echo, "To")).isEqualTo("\"A\" <sip:alice@continuo.test>");
      peer.send(peer.answer(echo, 200, "here", ""));

      String contact = "Contact: <" + peer.uri("alice") + ">";
      peer.send(peer.request("INVITE", "sip:echo@127.0.0.1", "i", 1, contact));
      assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "Contact")).startsWith("<sip:echo@");
    }
  }

  @Test
  void theReadmeShowsThatVeryAgent() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/continuo/sip/example/EchoAgent.java"));
    String shown =
        source.substring(source.indexOf("public final class"), source.indexOf("  // README ends"));
    assertThat(Files.readString(Path.of("README.md"))).contains(shown.strip());
  }
}
