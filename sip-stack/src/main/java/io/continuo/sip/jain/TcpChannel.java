package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import io.continuo.sip.transport.TcpConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import javax.sip.address.Hop;

/// What the stack's transactions see of one connection. Cheap: made for each message.
final class TcpChannel extends ConnectionOrientedMessageChannel {
  private final TcpConnection connection;
  private final SendFailures failures;

  TcpChannel(MessageProcessor processor, TcpConnection connection, SendFailures failures) {
    super(processor.getSIPStack());
    this.messageProcessor = processor;
    this.connection = connection;
    this.failures = failures;
    InetSocketAddress remote = connection.flow().remote();
    this.peerAddress = remote.getAddress();
    this.peerPort = remote.getPort();
    this.myAddress = processor.getIpAddress().getHostAddress();
    this.myPort = processor.getPort();
    // Matches no listening point: the stack then never short-cuts a message to itself past our
    // screening.
    this.peerProtocol = "none";
    this.key = connection.flow().transport().lower() + ":" + connection.flow().connection();
  }

  private void write(SIPMessage message) throws IOException {
    Runnable failed =
        message instanceof SIPRequest request ? () -> failures.failed(request) : () -> {};
    connection.write(message.encodeAsBytes(getTransport()), failed);
  }

  @Override
  public void sendMessage(SIPMessage message) throws IOException {
    write(message);
  }

  @Override
  public void sendMessage(SIPMessage message, Hop hop) throws IOException {
    write(message);
  }

  @Override
  public void sendMessage(SIPMessage message, InetAddress address, int port) throws IOException {
    write(message);
  }

  @Override
  protected void sendMessage(byte[] bytes, boolean retry) throws IOException {
    connection.write(bytes, () -> {});
  }

  @Override
  protected void sendMessage(byte[] bytes, InetAddress address, int port, boolean retry)
      throws IOException {
    connection.write(bytes, () -> {});
  }

  @Override
  public void processMessage(SIPMessage message) throws Exception {
    Delivery.deliver(sipStack, this, message, connection.flow().remote());
  }

  @Override
  protected void close(boolean removeSocket, boolean stopKeepAlive) {
    // The transport owns the connection; a transaction that ends does not end it.
  }

  @Override
  public String getTransport() {
    return connection.flow().transport().via();
  }

  @Override
  public boolean isSecure() {
    return connection.flow().transport().secure();
  }

  @Override
  @SuppressWarnings("rawtypes")
  public void handleException(
      ParseException cause, SIPMessage message, Class header, String text, String whole)
      throws ParseException {
    throw cause;
  }
}
