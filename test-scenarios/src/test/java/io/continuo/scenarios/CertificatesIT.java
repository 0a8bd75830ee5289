package io.continuo.scenarios;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.device.sip.SipText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a running server shows on its SIP port for TLS: the certificate of the name that is asked
/// for, and the new one once its files are replaced.
class CertificatesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHAT = "chat.continuo.test";
  private static final String OTHER = "rcs.example.net";

  @TempDir Path directory;
  private TestAuthority authority;
  private ServerProcess server;

  @BeforeEach
  void aServerWithTwoNames() throws IOException {
    authority = new TestAuthority(directory);
    String pairs = "['%s', '%s']";
    server =
        ServerProcess.start(
            ServerSetup.in(directory.resolve("server"))
                .with(
                    "tls.certificates",
                    pairs.formatted(authority.issue("chat", CHAT), authority.issue("other", OTHER)))
                .with("tls.reload-interval", "1s")
                .with("sip.transports", "[udp, tcp, tls]")
                .with("sip.tls-port", "0"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private InetSocketAddress port() {
    return server.addresses().named("sip-tls");
  }

  @Test
  @Spec("RFC 6066 §3")
  void whoAsksForANameIsShownItsCertificateBeforeAndAfterARenewal() throws IOException {
    try (SSLSocket before = authority.connect(port(), CHAT);
        SSLSocket other = authority.connect(port(), OTHER)) {
      isAnswered(before);
      isAnswered(other);
      assertThatThrownBy(() -> authority.connect(port(), "unknown.example.org"))
          .as("the first certificate, which is of another name")
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("unknown.example.org");

      authority.issue("chat", CHAT);
      // One line for each certificate that is loaded anew; the last one is of the second pair.
      assertThat(server.process().awaitLine(line -> line.contains("tls.reloaded"), PATIENCE))
          .as("a reload; the server said %s", server.output())
          .isPresent();

      try (SSLSocket after = authority.connect(port(), CHAT);
          SSLSocket same = authority.connect(port(), OTHER)) {
        assertThat(shown(after)).as("renewed").isNotEqualTo(shown(before));
        assertThat(shown(same)).as("not renewed").isEqualTo(shown(other));
        isAnswered(after);
      }
      isAnswered(before);
      isAnswered(other);
    }
  }

  private static X509Certificate shown(SSLSocket socket) throws IOException {
    return TestAuthority.shown(socket);
  }

  /// An OPTIONS and its answer: the connection lives.
  private static void isAnswered(SSLSocket socket) throws IOException {
    socket.setSoTimeout((int) PATIENCE.toMillis());
    String callId = SipText.random(8);
    String request =
        """
        OPTIONS sip:continuo.test SIP/2.0
        Via: SIP/2.0/TLS 127.0.0.1:%2$d;branch=z9hG4bK%1$s;rport
        Max-Forwards: 70
        From: <sip:probe@continuo.test>;tag=%1$s
        To: <sip:continuo.test>
        Call-ID: %1$s
        CSeq: 1 OPTIONS
        Content-Length: 0

        """
            .formatted(callId, socket.getLocalPort());
    socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(US_ASCII));
    assertThat(head(socket.getInputStream())).startsWith("SIP/2.0 ").contains(callId);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        throw new AssertionError("closed after <" + text + ">");
      }
      text.append((char) read);
    }
    return text.toString();
  }
}
