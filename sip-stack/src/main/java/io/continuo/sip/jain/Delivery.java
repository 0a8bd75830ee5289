package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import gov.nist.javax.sip.stack.SIPTransaction;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import gov.nist.javax.sip.stack.ServerRequestInterface;
import gov.nist.javax.sip.stack.ServerResponseInterface;
import java.net.InetSocketAddress;

/// Gives a parsed message to the stack's transactions.
///
/// Threading: the stripe of its Call-ID.
final class Delivery {
  private Delivery() {}

  static void deliver(
      SIPTransactionStack stack, MessageChannel channel, SIPMessage message, InetSocketAddress from)
      throws Exception {
    message.setRemoteAddress(from.getAddress());
    message.setRemotePort(from.getPort());
    message.setPeerPacketSourceAddress(from.getAddress());
    message.setPeerPacketSourcePort(from.getPort());
    message.setLocalAddress(channel.getMessageProcessor().getIpAddress());
    message.setLocalPort(channel.getPort());
    if (message instanceof SIPRequest request) {
      request(stack, channel, request);
    } else if (message instanceof SIPResponse response) {
      response(stack, channel, response);
    }
  }

  // The stack holds a transaction's lock until its listener was called; who is not passed to the
  // listener must give it back here.
  private static void request(SIPTransactionStack stack, MessageChannel channel, SIPRequest request)
      throws Exception {
    ServerRequestInterface receiver = stack.newSIPServerRequest(request, channel);
    if (receiver == null) {
      return;
    }
    try {
      receiver.processRequest(request, channel);
    } finally {
      if (receiver instanceof SIPServerTransaction transaction && !transaction.passToListener()) {
        transaction.releaseSem();
      }
    }
  }

  private static void response(
      SIPTransactionStack stack, MessageChannel channel, SIPResponse response) throws Exception {
    response.checkHeaders();
    ServerResponseInterface receiver = stack.newSIPServerResponse(response, channel);
    if (receiver == null) {
      return;
    }
    try {
      if (!(receiver instanceof SIPClientTransaction client) || client.checkFromTag(response)) {
        receiver.processResponse(response, channel);
      }
    } finally {
      if (receiver instanceof SIPTransaction transaction && !transaction.passToListener()) {
        transaction.releaseSem();
      }
    }
  }
}
