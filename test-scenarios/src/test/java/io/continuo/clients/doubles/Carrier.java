package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// What the connections of a double go over: TCP, or TLS whose server must show a certificate that
/// its user agent believes, with the address that it connected to, as browsers ask for it.
///
/// @param sip where the server takes its SIP
/// @param believed empty: plain TCP
public record Carrier(InetSocketAddress sip, Optional<SSLContext> believed) {

  boolean secure() {
    return believed.isPresent();
  }

  Socket connectSip() throws IOException {
    return connect(sip.getAddress().getHostAddress(), sip.getPort());
  }

  Socket connect(String host, int port) throws IOException {
    if (believed.isEmpty()) {
      return new Socket(host, port);
    }
    SSLSocket socket = (SSLSocket) believed.get().getSocketFactory().createSocket(host, port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }
}
