package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import org.jspecify.annotations.Nullable;

/// A request of ours that waits for its final response.
///
/// Threading: the stripe of its Call-ID.
abstract class ClientCall {
  /// Made here when none came (RFC 3261 §8.1.3.1).
  static final int REQUEST_TIMEOUT = 408;

  /// Made here when the request could not be sent (RFC 3261 §8.1.3.1).
  static final int SERVICE_UNAVAILABLE = 503;

  /// Made here when a request must not be sent, as it is too large for the only way there is.
  static final int MESSAGE_TOO_LARGE = 513;

  final UserAgent agent;
  final String callId;
  private @Nullable SIPClientTransaction transaction;
  private @Nullable Runnable otherwise;

  ClientCall(UserAgent agent, String callId) {
    this.agent = agent;
    this.callId = callId;
  }

  void started(SIPClientTransaction started) {
    this.transaction = started;
  }

  @Nullable SIPClientTransaction transaction() {
    return transaction;
  }

  /// A response, also a repeated one.
  abstract void response(SipResponse response);

  void timedOut() {
    response(made(REQUEST_TIMEOUT, "Request Timeout"));
  }

  void tooLarge() {
    response(made(MESSAGE_TOO_LARGE, "Message Too Large"));
  }

  /// Another way to send it, tried once when this one fails.
  void otherwise(Runnable another) {
    otherwise = another;
  }

  void unsent() {
    Runnable another = otherwise;
    otherwise = null;
    if (another == null) {
      response(made(SERVICE_UNAVAILABLE, "Service Unavailable"));
    } else {
      another.run();
    }
  }

  private static SipResponse made(int status, String reason) {
    return new SipResponse(status, reason, SipHeaders.NONE, new byte[0]);
  }
}
