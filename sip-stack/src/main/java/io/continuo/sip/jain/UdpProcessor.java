package io.continuo.sip.jain;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.transport.UdpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Our UDP transport in the shape that the stack expects. The socket is bound before, and closed
/// after, by the endpoint.
final class UdpProcessor extends MessageProcessor {
  private static final int DEFAULT_PORT = 5060;
  private static final int MAX_DATAGRAM = 65_507;

  private final UdpTransport transport;
  private final SendFailures failures;

  UdpProcessor(
      InetAddress address,
      int port,
      SIPTransactionStack stack,
      UdpTransport transport,
      SendFailures failures) {
    super(address, port, "udp", stack);
    this.transport = transport;
    this.failures = failures;
  }

  UdpChannel channel(InetSocketAddress peer) {
    return new UdpChannel(this, transport, peer, failures);
  }

  @Override
  public SIPTransactionStack getSIPStack() {
    return sipStack;
  }

  @Override
  public MessageChannel createMessageChannel(HostPort target) throws IOException {
    return createMessageChannel(target.getInetAddress(), target.getPort());
  }

  @Override
  public MessageChannel createMessageChannel(InetAddress host, int port) {
    return channel(new InetSocketAddress(host, port));
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

  @Override
  public int getMaximumMessageSize() {
    return MAX_DATAGRAM;
  }

  @Override
  public boolean inUse() {
    return false;
  }
}
