package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.MessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Puts our transports under the stack.
///
/// Threading: start-up only.
final class Processors implements MessageProcessorFactory {
  private final UserAgent.Sockets sockets;
  private final SendFailures failures;
  private @Nullable TcpProcessor tcp;
  private @Nullable UdpProcessor udp;

  Processors(UserAgent.Sockets sockets, SendFailures failures) {
    this.sockets = sockets;
    this.failures = failures;
  }

  @Override
  public MessageProcessor createMessageProcessor(
      SIPTransactionStack stack, InetAddress address, int port, String transport) {
    if (transport.equalsIgnoreCase("udp")) {
      UdpProcessor made = new UdpProcessor(address, port, stack, sockets.udp(), failures);
      udp = made;
      return made;
    }
    TcpProcessor made = new TcpProcessor(address, port, stack, sockets.tcp(), failures);
    tcp = made;
    return made;
  }

  TcpProcessor tcp() {
    return Objects.requireNonNull(tcp);
  }

  UdpProcessor udp() {
    return Objects.requireNonNull(udp);
  }
}
