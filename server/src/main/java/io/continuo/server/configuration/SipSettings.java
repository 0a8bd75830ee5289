package io.continuo.server.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where and as whom we speak SIP (`sip.*`).
///
/// @param domain our domain: subscribers are `sip:user@domain` (default `continuo.test`)
/// @param host the address to listen on and to write into Via and Contact; an IPv6 address with or
///   without brackets (default `127.0.0.1`)
/// @param port UDP and TCP port, 0 for any free one (default 5060)
/// @param conferenceFactory user part of the conference factory URI (RFC 4579 §5.4; default `chat`)
/// @param optionTag the option tag that marks multi-client sessions; empty says none (default
///   `multi-client`)
/// @param sdpMark whether SDP carries `a=multi-client` too (default false)
/// @param trustedPeers IP addresses of CSCFs whose P-Asserted-Identity and third-party REGISTER are
///   believed (default none)
/// @param outboundProxy where requests to devices learned from a CSCF go,
///   `sip:host:port;transport=tcp;lr`; empty: none
/// @param maxMessage largest SIP message taken, in bytes (default 65,000; more is 513)
/// @param maxPagerOverUdp largest MESSAGE of ours over UDP, in bytes (default 1,300; RFC 3428 §8):
///   a larger one goes over TCP, and to a device that is reached over UDP alone not at all
/// @param maxConnectionsPerSource TCP connections that one address may have open to us: a CSCF
///   needs few, a NAT with many devices more (default 2,000; one more is closed at once)
/// @param idleTimeout a TCP connection that carries nothing for this long is closed: longer than
///   the longest usual registration, so that a device without keep-alives stays reachable (default
///   65 min)
/// @param dnsServers whom host names of next hops are asked of, as `address` or `address:port` (RFC
///   3263; default none: those of the system)
/// @param retryAfter the shortest time that who is refused with 503 is asked to wait, the longest
///   is twice as long (default 10 s)
public record SipSettings(
    String domain,
    String host,
    int port,
    String conferenceFactory,
    String optionTag,
    boolean sdpMark,
    Set<String> trustedPeers,
    String outboundProxy,
    @Bytes int maxMessage,
    @Bytes int maxPagerOverUdp,
    int maxConnectionsPerSource,
    Duration idleTimeout,
    List<String> dnsServers,
    Duration retryAfter) {
  public SipSettings {
    trustedPeers = Set.copyOf(trustedPeers);
    dnsServers = List.copyOf(dnsServers);
    host = host.replaceAll("^\\[(.*)]$", "$1");
    new Check()
        .matches("sip.domain", domain, "[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]", "a host name")
        .ownHost("sip.host", host)
        .port("sip.port", port)
        .matches("sip.conference-factory", conferenceFactory, "[A-Za-z0-9._+-]+", "a user part")
        .matches("sip.option-tag", optionTag, "[A-Za-z0-9.!%*_+`'~-]*", "a token")
        .each("sip.trusted-peers", trustedPeers, Check::isAddress, "an IP address")
        .matches("sip.outbound-proxy", outboundProxy, "|sips?:\\S+", "a SIP URI")
        .between("sip.max-message", maxMessage, 1500, 65_535)
        .between("sip.max-pager-over-udp", maxPagerOverUdp, 1300, 65_535)
        .between("sip.max-connections-per-source", maxConnectionsPerSource, 1, 100_000)
        .between("sip.idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofDays(1))
        .each(
            "sip.dns-servers", dnsServers, Check::isServer, "an IP address with or without a port")
        .between("sip.retry-after", retryAfter, Duration.ofSeconds(1), Duration.ofHours(1))
        .done();
  }

  /// The host as URIs have it: an IPv6 address in brackets.
  public String uriHost() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  public static final SipSettings DEFAULT =
      new SipSettings(
          "continuo.test",
          "127.0.0.1",
          5060,
          "chat",
          "multi-client",
          false,
          Set.of(),
          "",
          65_000,
          1_300,
          2_000,
          Duration.ofMinutes(65),
          List.of(),
          Duration.ofSeconds(10));
}
