package io.continuo.sip.jain;

import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Our provisional responses to one INVITE that requires them to be reliable (RFC 3262 §3): each is
/// repeated until its PRACK comes. Made and asked by [ServerInvite].
///
/// They carry no session description, so a 2xx need not wait for the PRACK of any; after a final
/// response nothing is repeated, and a PRACK that is under way is answered all the same.
///
/// Limit: one at a time, as the RFC has it. Another while one waits is left out: it would say again
/// that a device rings.
///
/// Threading: the stripe of the Call-ID.
final class ReliableProvisionals {
  static final String TAG = "100rel";

  private final ServerInvite invite;
  private long number;
  private @Nullable Repetition repetition;
  private boolean awaitsPrack;

  ReliableProvisionals(ServerInvite invite, long first) {
    this.invite = invite;
    this.number = first - 1;
  }

  /// Whether a peer wants them so. Who merely supports it gets them unreliably, which is simpler
  /// for both.
  static boolean areRequired(SipHeaders headers) {
    return headers.elements("Require").stream().anyMatch(TAG::equalsIgnoreCase);
  }

  void send(SipResponse response) {
    if (awaitsPrack) {
      return;
    }
    number++;
    awaitsPrack = true;
    SipHeaders headers =
        response.headers().with("Require", TAG).with("RSeq", Long.toString(number));
    byte[] sent =
        invite.send(
            new SipResponse(response.status(), response.reason(), headers, response.body()));
    UserAgent agent = invite.agent;
    repetition =
        new Repetition(
            agent,
            invite.callId(),
            invite.received.back(),
            sent,
            agent.timers().timeout(), // doubles without bound
            invite::unacknowledged);
  }

  /// A final response was sent.
  void stop() {
    if (repetition != null) {
      repetition.stop();
    }
  }

  /// Whether a PRACK names the one that waits; then it waits no more (RFC 3262 §7.2).
  boolean isAcknowledgedBy(SipHeaders prack) {
    String expected = number + " " + invite.sequence() + " INVITE";
    Optional<String> named = prack.first("RAck").map(text -> text.strip().replaceAll("\\s+", " "));
    if (!awaitsPrack || !named.equals(Optional.of(expected))) {
      return false;
    }
    awaitsPrack = false;
    stop();
    return true;
  }
}
