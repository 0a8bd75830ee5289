package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The MSRP side of a SIPp device, with a socket of the test in the server's place.
class MsrpEndpointTest {
  private MsrpEndpoint endpoint;
  private Socket server;
  private InputStream in;

  @BeforeEach
  void connect() throws IOException {
    endpoint = MsrpEndpoint.listen();
    server = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    in = new BufferedInputStream(server.getInputStream());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    endpoint.close();
  }

  private void serverSays(String transaction, String start, Optional<String> body)
      throws IOException {
    Map<String, String> paths =
        Map.of("To-Path", endpoint.path(), "From-Path", "msrp://server/s;tcp");
    server.getOutputStream().write(new MsrpFrame(transaction, start, paths, body, '$').bytes());
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void everySendIsAnswered200OnItsTransaction() throws IOException {
    serverSays("t1", "SEND", Optional.of("hello"));

    MsrpFrame answer = MsrpFrame.read(in);

    assertThat(answer.transaction()).isEqualTo("t1");
    assertThat(answer.start()).isEqualTo("200 OK");
    assertThat(answer.header("To-Path")).isEqualTo("msrp://server/s;tcp");
    assertThat(endpoint.receives("hello").transaction()).isEqualTo("t1");
  }

  @Test
  void aBodilessSendIsABindingAndNoMessage() throws IOException {
    serverSays("b1", "SEND", Optional.empty());

    assertThat(endpoint.isBound().transaction()).isEqualTo("b1");
    assertThat(endpoint.requests()).hasSize(1);
  }

  @Test
  void theStatusOfItsOwnSendIsTheServersAnswer() throws IOException {
    serverSays("b1", "SEND", Optional.empty());
    MsrpFrame.read(in);
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(this::says);

    MsrpFrame said = MsrpFrame.read(in);
    serverSays(said.transaction(), "413 Too Large", Optional.empty());

    assertThat(said.body().orElseThrow()).contains("imdn.Message-ID: ").endsWith("\r\n\r\ntext");
    assertThat(said.header("To-Path")).isEqualTo("msrp://server/s;tcp");
    assertThat(status.join()).isEqualTo(413);
  }

  private int says() {
    try {
      return endpoint.sends("sip:a@b", "sip:c@d", "text");
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
