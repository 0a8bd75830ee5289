package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.RawMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.continuo.sip.transport.UdpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.sip.address.Hop;

/// What the stack's transactions see of one UDP peer. Cheap: made for each message.
final class UdpChannel extends MessageChannel implements RawMessageChannel {
  private final UdpTransport transport;
  private final InetSocketAddress peer;
  private final SendFailures failures;

  UdpChannel(
      MessageProcessor processor,
      UdpTransport transport,
      InetSocketAddress peer,
      SendFailures failures) {
    this.messageProcessor = processor;
    this.transport = transport;
    this.peer = peer;
    this.failures = failures;
  }

  private void write(SIPMessage message, InetSocketAddress to) throws IOException {
    Runnable failed =
        message instanceof SIPRequest request ? () -> failures.failed(request) : () -> {};
    transport.write(to, message.encodeAsBytes(getTransport()), failed);
  }

  @Override
  public void sendMessage(SIPMessage message) throws IOException {
    write(message, peer);
  }

  @Override
  public void sendMessage(SIPMessage message, Hop hop) throws IOException {
    write(message, peer);
  }

  @Override
  public void sendMessage(SIPMessage message, InetAddress address, int port) throws IOException {
    write(message, peer);
  }

  @Override
  protected void sendMessage(byte[] bytes, InetAddress address, int port, boolean retry)
      throws IOException {
    transport.write(new InetSocketAddress(address, port), bytes, () -> {});
  }

  @Override
  public void processMessage(SIPMessage message) throws Exception {
    Delivery.deliver(getSIPStack(), this, message, peer);
  }

  @Override
  public void close() {}

  @Override
  public SIPTransactionStack getSIPStack() {
    return messageProcessor.getSIPStack();
  }

  @Override
  public String getTransport() {
    return "UDP";
  }

  @Override
  public boolean isReliable() {
    return false;
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String getPeerAddress() {
    return peer.getAddress().getHostAddress();
  }

  @Override
  protected InetAddress getPeerInetAddress() {
    return peer.getAddress();
  }

  /// Matches no listening point: the stack then never short-cuts a message to itself past our
  /// screening.
  @Override
  protected String getPeerProtocol() {
    return "none";
  }

  @Override
  public int getPeerPort() {
    return peer.getPort();
  }

  @Override
  public int getPeerPacketSourcePort() {
    return peer.getPort();
  }

  @Override
  public InetAddress getPeerPacketSourceAddress() {
    return peer.getAddress();
  }

  @Override
  public String getKey() {
    return MessageChannel.getKey(peer.getAddress(), peer.getPort(), getTransport());
  }

  @Override
  public String getViaHost() {
    return messageProcessor.getIpAddress().getHostAddress();
  }

  @Override
  public int getViaPort() {
    return messageProcessor.getPort();
  }
}
