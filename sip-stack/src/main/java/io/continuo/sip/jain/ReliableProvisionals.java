package io.continuo.sip.jain;

import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Our provisional responses to one INVITE that requires them to be reliable (RFC 3262 §3): each is
/// repeated until its PRACK comes. Made and asked by [ServerInvite].
///
/// A 2xx waits for the PRACK of one with a body, since that body was a session description that the
/// 2xx relies on; for others it does not wait. After a final response nothing is repeated, and a
/// PRACK that is under way is answered all the same.
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
  private boolean withholds;

  ReliableProvisionals(ServerInvite invite, long first) {
    this.invite = invite;
    this.number = first - 1;
  }

  /// Whether a peer wants them so. Who merely supports it gets them unreliably, which is simpler
  /// for both.
  static boolean areRequired(SipHeaders headers) {
    return headers.elements("Require").stream().anyMatch(TAG::equalsIgnoreCase);
  }

  /// The RSeq of a provisional response that has to be acknowledged; empty for any other, and for
  /// one whose RSeq cannot be read.
  static Optional<Long> number(SipHeaders headers) {
    return areRequired(headers)
        ? headers
            .first("RSeq")
            .map(String::strip)
            .filter(text -> text.matches("[0-9]{1,10}"))
            .map(Long::valueOf)
            .filter(number -> number > 0)
        : Optional.empty();
  }

  void send(SipResponse response) {
    if (awaitsPrack) {
      return;
    }
    number++;
    awaitsPrack = true;
    withholds = response.body().length > 0;
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

  /// Whether a 2xx has to wait.
  boolean withholdsAcceptance() {
    return awaitsPrack && withholds;
  }

  /// A final response was sent.
  void stop() {
    if (repetition != null) {
      repetition.stop();
    }
  }

  /// Whether a PRACK names the one that waits; then it waits no more (RFC 3262 §7.2).
  boolean isAcknowledgedBy(SipHeaders prack) {
    if (!awaitsPrack || !isNamed(prack)) {
      return false;
    }
    awaitsPrack = false;
    stop();
    return true;
  }

  private boolean isNamed(SipHeaders prack) {
    String expected = number + " " + invite.sequence() + " INVITE";
    return prack.first("RAck").stream()
        .anyMatch(text -> text.strip().replaceAll("[ \t]+", " ").equals(expected));
  }
}
