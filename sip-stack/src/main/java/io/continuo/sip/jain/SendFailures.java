package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;

/// Told that a request of ours could not be handed to its socket. On an event loop.
@FunctionalInterface
interface SendFailures {
  void failed(SIPRequest request);
}
