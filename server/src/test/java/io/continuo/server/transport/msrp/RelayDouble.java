package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An MSRP relay as the server meets it (RFC 4976 §6), in plain text and with a digest of its own.
/// It does what the test tells it, one message after the other.
final class RelayDouble implements AutoCloseable {
  static final String USER = "continuo";
  static final String PASSWORD = "s3cret";
  private static final String REALM = "relay.test";

  private final ServerSocket listener;
  private final String authority;
  private TextPeer server;

  RelayDouble() throws IOException {
    this(new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1")), "msrp://127.0.0.1");
  }

  /// @param host scheme and host of its URI
  RelayDouble(ServerSocket listener, String host) {
    this.listener = listener;
    this.authority = host + ":" + listener.getLocalPort();
  }

  /// Without a session id.
  String uri() {
    return authority + ";tcp";
  }

  /// What it keeps for the server.
  String kept(String session) {
    return authority + "/" + session + ";tcp";
  }

  int port() {
    return listener.getLocalPort();
  }

  TextPeer accepts() throws IOException {
    server = TextPeer.accept(listener);
    return server;
  }

  Frame nextAuth() throws InterruptedException {
    Frame auth = server.nextRequest();
    assertThat(auth.start()).endsWith(" AUTH");
    assertThat(auth.body()).isEmpty();
    return auth;
  }

  /// Answers end to end: the whole path back.
  void answers(Frame request, String status, String... headers) throws IOException {
    String id = request.transaction();
    var text = new StringBuilder("MSRP " + id + " " + status + "\r\n");
    text.append("To-Path: ").append(request.header("From-Path")).append("\r\n");
    text.append("From-Path: ").append(request.header("To-Path")).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    server.raw(text + "-------" + id + "$\r\n");
  }

  void challenges(Frame auth, String nonce, String more) throws IOException {
    answers(
        auth,
        "401 Unauthorized",
        "WWW-Authenticate: Digest realm=\""
            + REALM
            + "\", qop=\"auth\", nonce=\""
            + nonce
            + '"'
            + more);
  }

  /// Lets the server in that knows the password.
  void reserves(Frame auth, String usePath, long expires) throws IOException {
    proves(auth);
    answers(
        auth,
        "200 OK",
        "Use-Path: " + usePath,
        "Expires: " + expires,
        "Authentication-Info: qop=auth, rspauth=\"" + response(auth, "") + '"');
  }

  /// The usual beginning: challenge, proof, reservation.
  void letsIn(String usePath, long expires) throws Exception {
    Frame first = nextAuth();
    assertThat(first.header("Authorization")).isEmpty();
    challenges(first, "nonce1", "");
    reserves(nextAuth(), usePath, expires);
  }

  void proves(Frame auth) {
    assertThat(parameter(auth, "username")).isEqualTo(USER);
    assertThat(parameter(auth, "realm")).isEqualTo(REALM);
    String to = auth.header("To-Path");
    assertThat(parameter(auth, "uri")).isEqualTo(to.substring(to.lastIndexOf(' ') + 1));
    assertThat(parameter(auth, "response")).isEqualTo(response(auth, "AUTH"));
  }

  static String parameter(Frame auth, String name) {
    Matcher found =
        Pattern.compile("[ ,]" + name + "=\"?([^\",]*)").matcher(auth.header("Authorization"));
    return found.find() ? found.group(1) : "";
  }

  private static String response(Frame auth, String method) {
    String ha1 = md5(USER + ":" + REALM + ":" + PASSWORD);
    String ha2 = md5(method + ":" + parameter(auth, "uri"));
    String nonce = parameter(auth, "nonce") + ":" + parameter(auth, "nc");
    return md5(ha1 + ":" + nonce + ":" + parameter(auth, "cnonce") + ":auth:" + ha2);
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    if (server != null) {
      server.close();
    }
  }
}
