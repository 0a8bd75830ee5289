package io.continuo.sip.jain;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageProcessor;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// One of our transports in the shape that the stack expects; what a channel of it does is its
/// [Channels]' business. The socket is bound before, and closed after, by the endpoint.
///
/// For UDP too it is the connection-oriented kind: the stack asks nothing of the other one, and
/// casts to this one where it can.
final class TransportProcessor extends ConnectionOrientedMessageProcessor {
  private final Flow.Transport transport;
  private final Channels channels;

  /// Makes what the stack writes to.
  interface Channels {
    MessageChannel to(TransportProcessor processor, InetSocketAddress peer) throws IOException;
  }

  TransportProcessor(
      InetAddress address,
      int port,
      Flow.Transport transport,
      SIPTransactionStack stack,
      Channels channels) {
    super(address, port, transport.lower(), stack);
    this.transport = transport;
    this.channels = channels;
  }

  Flow.Transport transport() {
    return transport;
  }

  @Override
  public MessageChannel createMessageChannel(HostPort target) throws IOException {
    return createMessageChannel(target.getInetAddress(), target.getPort());
  }

  @Override
  public MessageChannel createMessageChannel(InetAddress host, int port) throws IOException {
    return channels.to(this, new InetSocketAddress(host, port));
  }

  @Override
  public void start() {}

  @Override
  public void stop() {}

  @Override
  public int getDefaultTargetPort() {
    // RFC 3261 §19.1.2, RFC 7118 §5.2
    return switch (transport) {
      case UDP, TCP -> 5060;
      case TLS -> 5061;
      case WS -> 80;
      case WSS -> 443;
    };
  }

  @Override
  public boolean isSecure() {
    return transport.secure();
  }
}
