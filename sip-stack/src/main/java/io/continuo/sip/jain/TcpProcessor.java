package io.continuo.sip.jain;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageProcessor;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.transport.TcpConnection;
import io.continuo.sip.transport.TcpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Our TCP transport in the shape that the stack expects. The socket is bound before, and closed
/// after, by the endpoint.
final class TcpProcessor extends ConnectionOrientedMessageProcessor {
  private static final int DEFAULT_PORT = 5060;

  private final TcpTransport transport;
  private final SendFailures failures;

  TcpProcessor(
      InetAddress address,
      int port,
      SIPTransactionStack stack,
      TcpTransport transport,
      SendFailures failures) {
    super(address, port, "tcp", stack);
    this.transport = transport;
    this.failures = failures;
  }

  TcpChannel channel(TcpConnection connection) {
    return new TcpChannel(this, connection, failures);
  }

  @Override
  public MessageChannel createMessageChannel(HostPort target) throws IOException {
    return createMessageChannel(target.getInetAddress(), target.getPort());
  }

  @Override
  public MessageChannel createMessageChannel(InetAddress host, int port) throws IOException {
    return channel(transport.connectionTo(new InetSocketAddress(host, port)));
  }

  @Override
  public void start() {}

  @Override
  public void stop() {}

  @Override
  public int getDefaultTargetPort() {
    return DEFAULT_PORT;
  }

  @Override
  public boolean isSecure() {
    return false;
  }
}
