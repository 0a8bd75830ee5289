package io.continuo.server.transport.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// What TLS is spoken with until the next reload.
///
/// @param servers the default first
record Contexts(List<Server> servers, SslContext client, SslContext clientOfAny) {

  /// One certificate as a server.
  ///
  /// @param asking asks the client for a certificate
  record Server(Certificate certificate, SslContext plain, SslContext asking) {}

  static Contexts of(
      List<Certificate> certificates, List<X509Certificate> trust, List<String> protocols)
      throws IOException {
    List<Server> servers = new ArrayList<>();
    for (Certificate certificate : certificates) {
      servers.add(
          new Server(
              certificate,
              server(certificate, protocols).build(),
              server(certificate, protocols)
                  .clientAuth(ClientAuth.OPTIONAL)
                  .trustManager(InsecureTrustManagerFactory.INSTANCE)
                  .build()));
    }
    Certificate ours = certificates.getFirst();
    return new Contexts(
        List.copyOf(servers), checking(ours, trust, protocols), ofAny(ours, protocols));
  }

  private static SslContext checking(
      Certificate ours, List<X509Certificate> trust, List<String> protocols) throws SSLException {
    SslContextBuilder client = client(ours, protocols).endpointIdentificationAlgorithm("HTTPS");
    if (!trust.isEmpty()) {
      client.trustManager(trust);
    }
    return client.build();
  }

  private static SslContext ofAny(Certificate ours, List<String> protocols) throws SSLException {
    return client(ours, protocols)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .endpointIdentificationAlgorithm(null)
        .build();
  }

  private static SslContextBuilder server(Certificate certificate, List<String> protocols) {
    return SslContextBuilder.forServer(certificate.key(), certificate.chain())
        .sslProvider(provider())
        .protocols(protocols);
  }

  private static SslContextBuilder client(Certificate certificate, List<String> protocols) {
    return SslContextBuilder.forClient()
        .keyManager(certificate.key(), certificate.chain())
        .sslProvider(provider())
        .protocols(protocols);
  }

  private static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
  }

  /// The server for a name (RFC 6066 §3): the first certificate that has it, else the default.
  Server server(Optional<String> name) {
    return name.flatMap(
            wanted -> servers.stream().filter(one -> one.certificate().names(wanted)).findFirst())
        .orElseGet(servers::getFirst);
  }
}
