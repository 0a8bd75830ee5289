package io.continuo.sip.jain;

import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.ArrayDeque;
import java.util.Deque;
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

  /// At most [io.continuo.sip.dns.ServerLocator]'s servers.
  private final Deque<Runnable> afterwards = new ArrayDeque<>();

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
    if (!triesNextServer()) {
      response(made(REQUEST_TIMEOUT, "Request Timeout"));
    }
  }

  void tooLarge() {
    response(made(MESSAGE_TOO_LARGE, "Message Too Large"));
  }

  /// Another way to send it, tried once when this one fails.
  void otherwise(Runnable another) {
    otherwise = another;
  }

  /// Another server to try behind those before it, when this one cannot be reached, does not answer
  /// or says 503 (RFC 3263 §4.3).
  void afterwards(Runnable another) {
    afterwards.add(another);
  }

  /// Whether nothing has come of the request yet that a second try would contradict.
  abstract boolean mayTryNextServer();

  /// Goes on to the next server when there is one.
  boolean triesNextServer() {
    Runnable next = mayTryNextServer() ? afterwards.poll() : null;
    if (next == null) {
      return false;
    }
    otherwise = null;
    agent.requests().ended(this);
    next.run();
    return true;
  }

  void unsent() {
    Runnable another = otherwise;
    otherwise = null;
    if (another != null) {
      another.run();
    } else if (!triesNextServer()) {
      response(made(SERVICE_UNAVAILABLE, "Service Unavailable"));
    }
  }

  private static SipResponse made(int status, String reason) {
    return new SipResponse(status, reason, SipHeaders.NONE, new byte[0]);
  }
}
