package io.continuo.sip.dns;

import java.net.InetAddress;

/// A record as far as SIP needs it. Names are without the last dot.
public sealed interface DnsRecord {
  /// Which service a domain has, and where (RFC 3403; RFC 3263 §4.1).
  ///
  /// @param service `SIP+D2U`, say
  /// @param replacement the name to ask for SRV
  record Naptr(int order, int preference, String flags, String service, String replacement)
      implements DnsRecord {}

  /// A server of a service (RFC 2782).
  record Srv(int priority, int weight, int port, String target) implements DnsRecord {}

  /// An address of a host.
  record Address(InetAddress address) implements DnsRecord {}
}
