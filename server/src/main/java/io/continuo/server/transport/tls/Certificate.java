package io.continuo.server.transport.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;

/// A chain, our own certificate first, and its private key. Nothing here prints the key.
record Certificate(List<X509Certificate> chain, PrivateKey key) {
  /// From here on its end is told as a warning.
  private static final Duration RENEW_BEFORE = Duration.ofDays(14);

  private static final int DNS_NAME = 2;

  Certificate {
    chain = List.copyOf(chain);
  }

  X509Certificate own() {
    return chain.getFirst();
  }

  /// Host names that it is good for, in lower case; `*.example.org` for all hosts of a domain.
  List<String> names() {
    try {
      Collection<List<?>> all = own().getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(name -> Integer.valueOf(DNS_NAME).equals(name.getFirst()))
              .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
              .toList();
    } catch (CertificateParsingException unreadable) {
      return List.of(); // it is still good as the default
    }
  }

  /// Whether it is good for a host; a star stands for one label (RFC 6125 §6.4.3).
  boolean names(String host) {
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    String wild = dot > 0 ? "*" + wanted.substring(dot) : wanted;
    return names().contains(wanted) || names().contains(wild);
  }

  void tell(Logger log, String event, Instant now) {
    Instant end = own().getNotAfter().toInstant();
    boolean endsSoon = end.isBefore(now.plus(RENEW_BEFORE));
    (endsSoon ? log.atWarn() : log.atInfo())
        .addKeyValue("subject", own().getSubjectX500Principal().getName())
        .addKeyValue("names", names())
        .addKeyValue("expires", end)
        .log(event);
  }

  @Override
  public String toString() {
    return own().getSubjectX500Principal().getName();
  }
}
