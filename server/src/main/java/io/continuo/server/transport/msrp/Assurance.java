package io.continuo.server.transport.msrp;

import io.continuo.server.b2bua.Fingerprint;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/// What the SDP of a session asks of the connection that it is bound on (RFC 4975 §14.2, RFC 8122
/// §6.2).
///
/// @param secure whether it must be TLS
/// @param fingerprints one of them must be that of the peer's certificate; empty when nothing was
///   said: then who connects to us is proven by the session id, and whom we connect to by its
///   certificate authority
record Assurance(boolean secure, List<Fingerprint> fingerprints) {
  Assurance {
    fingerprints = List.copyOf(fingerprints);
  }

  /// Whether the certificate alone proves the peer, wherever it connects from.
  boolean isProof() {
    return secure && !fingerprints.isEmpty();
  }

  /// Why this connection does not do, as a fixed phrase; empty when it does. Its handshake is over.
  Optional<String> whyNot(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (secure && tls == null) {
      return Optional.of("session was agreed for TLS");
    }
    if (!secure || tls == null || fingerprints.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] shown = tls.engine().getSession().getPeerCertificates()[0].getEncoded();
      return isOneOf(shown) ? Optional.empty() : Optional.of("certificate is not that of the SDP");
    } catch (SSLPeerUnverifiedException | CertificateEncodingException none) {
      return Optional.of("no certificate was shown");
    }
  }

  /// Looks at all of them, so that the time taken tells nothing.
  private boolean isOneOf(byte[] certificate) {
    boolean found = false;
    for (Fingerprint fingerprint : fingerprints) {
      found |= fingerprint.isOf(certificate);
    }
    return found;
  }
}
