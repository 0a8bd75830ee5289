package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.transport.TcpConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Puts our transports under the stack, and makes the channels over which it writes.
///
/// Threading: made at start-up; channels from any thread then.
final class Processors implements MessageProcessorFactory {
  private final UserAgent.Sockets sockets;
  private final SendFailures failures;
  private @Nullable TransportProcessor tcp;
  private @Nullable TransportProcessor udp;

  Processors(UserAgent.Sockets sockets, SendFailures failures) {
    this.sockets = sockets;
    this.failures = failures;
  }

  @Override
  public MessageProcessor createMessageProcessor(
      SIPTransactionStack stack, InetAddress address, int port, String transport) {
    if (transport.equalsIgnoreCase("udp")) {
      TransportProcessor made =
          new TransportProcessor(
              address,
              port,
              "udp",
              stack,
              (owner, peer) -> new UdpChannel(owner, sockets.udp(), peer, failures));
      udp = made;
      return made;
    }
    TransportProcessor made =
        new TransportProcessor(
            address,
            port,
            "tcp",
            stack,
            (owner, peer) -> new TcpChannel(owner, sockets.tcp().connectionTo(peer), failures));
    tcp = made;
    return made;
  }

  /// What the stack writes to over this connection.
  TcpChannel channel(TcpConnection connection) {
    return new TcpChannel(Objects.requireNonNull(tcp), connection, failures);
  }

  /// What the stack writes datagrams to this peer to.
  UdpChannel channel(InetSocketAddress peer) {
    return new UdpChannel(Objects.requireNonNull(udp), sockets.udp(), peer, failures);
  }
}
