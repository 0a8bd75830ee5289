package io.continuo.scenarios;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// TLS of a client that takes any certificate: the server of a test signs its own.
final class TlsClient {
  private static final SSLContext CONTEXT = context();

  private TlsClient() {}

  /// Shakes hands over a connection.
  static Socket over(Socket connection) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            CONTEXT
                .getSocketFactory()
                .createSocket(
                    connection,
                    connection.getInetAddress().getHostAddress(),
                    connection.getPort(),
                    /* autoClose= */ true);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
