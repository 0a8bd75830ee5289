package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.Flow;
import io.continuo.sip.transport.TcpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Puts our transports under the stack, and makes the channels over which it writes.
///
/// Threading: made at start-up; channels from any thread then.
final class Processors implements MessageProcessorFactory {
  private final Sockets sockets;
  private final SendFailures failures;
  private final Map<Flow.Transport, TransportProcessor> processors =
      new EnumMap<>(Flow.Transport.class);

  Processors(Sockets sockets, SendFailures failures) {
    this.sockets = sockets;
    this.failures = failures;
  }

  @Override
  public MessageProcessor createMessageProcessor(
      SIPTransactionStack stack, InetAddress address, int port, String name) {
    Flow.Transport transport = Flow.Transport.valueOf(name.toUpperCase(Locale.ROOT));
    TransportProcessor made =
        new TransportProcessor(address, port, transport, stack, this::channelTo);
    processors.put(transport, made);
    return made;
  }

  private MessageChannel channelTo(TransportProcessor processor, InetSocketAddress peer)
      throws IOException {
    Flow.Transport transport = processor.transport();
    if (!transport.reliable()) {
      return new UdpChannel(processor, sockets.udp(), peer, failures);
    }
    String host = peer.getAddress().getHostAddress();
    return new TcpChannel(processor, sockets.tcp().connectionTo(transport, peer, host), failures);
  }

  /// What the stack writes to over this connection.
  TcpChannel channel(TcpConnection connection) {
    return new TcpChannel(processor(connection.flow().transport()), connection, failures);
  }

  /// What the stack writes datagrams to this peer to.
  ///
  /// @throws IOException when UDP is not spoken
  UdpChannel channel(InetSocketAddress peer) throws IOException {
    return new UdpChannel(processor(Flow.Transport.UDP), sockets.udp(), peer, failures);
  }

  private TransportProcessor processor(Flow.Transport transport) {
    return Objects.requireNonNull(processors.get(transport), transport.via());
  }
}
