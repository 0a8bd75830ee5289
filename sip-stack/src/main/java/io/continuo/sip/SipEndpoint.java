package io.continuo.sip;

import java.net.InetSocketAddress;

/// A SIP user agent on UDP and TCP.
///
/// Threading: any thread may call; callbacks come on the stack's threads.
public interface SipEndpoint extends AutoCloseable {
  /// Starts to listen.
  ///
  /// @throws java.io.IOException when the port is taken or the address is not ours; the message
  ///   names host and port
  static SipEndpoint start(SipEndpointConfig config, SipApplication application)
      throws java.io.IOException {
    return io.continuo.sip.jain.JainSipEndpoint.start(config, application);
  }

  /// Starts to listen, with whom names of servers are asked of (RFC 3263).
  ///
  /// @throws java.io.IOException as above
  static SipEndpoint start(
      SipEndpointConfig config, io.continuo.sip.dns.DnsLookup dns, SipApplication application)
      throws java.io.IOException {
    return io.continuo.sip.jain.JainSipEndpoint.start(config, dns, application);
  }

  /// Where it listens for UDP and TCP, the port that was picked included.
  InetSocketAddress address();

  /// Where it listens for one transport; [#address()] for one that is not spoken.
  default InetSocketAddress address(Flow.Transport transport) {
    return address();
  }

  /// Sends a request other than INVITE outside of a dialog.
  void send(OutboundRequest request, ResponseListener listener);

  /// Sends an INVITE.
  OutboundInvite invite(OutboundRequest request, InviteListener listener);

  /// Whether a flow can still carry something (UDP: always).
  boolean isOpen(Flow flow);

  /// Stops: what was handed in before is sent, then sockets and threads are closed.
  @Override
  void close();
}
