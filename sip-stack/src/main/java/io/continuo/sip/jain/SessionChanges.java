package io.continuo.sip.jain;

import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Who may change the session of a dialog now: one side at a time, one change at a time (RFC 3261
/// §14, RFC 3311 §5). Ours wait for each other and for the peer's; when both sides began at once
/// the 491 is met by trying again after a while, with nobody blocked.
///
/// Threading: the stripe of the Call-ID.
final class SessionChanges {
  /// Changes of ours that wait; one more is told as answered 491.
  static final int MAX_WAITING = 8;

  /// How often a change of ours is sent when it meets one of the peer's each time; then it is told
  /// what it met.
  static final int MAX_ATTEMPTS = 4;

  /// The longest wait that a peer may ask for by Retry-After.
  private static final int MAX_RETRY_SECONDS = 10;

  private static final int NO_SUCH_CALL = 481;
  private static final int REQUEST_PENDING = 491;
  private static final int SERVER_INTERNAL_ERROR = 500;

  /// A change that we want.
  record Wanted(
      String method, SipHeaders headers, byte[] body, ResponseListener told, int attempt) {
    boolean hasOffer() {
      return method.equals("INVITE") || body.length > 0;
    }

    Wanted again() {
      return new Wanted(method, headers, body, told, attempt + 1);
    }
  }

  /// How a change leaves: as a request of the dialog.
  interface Sending {
    void send(Wanted wanted, ResponseListener answered);
  }

  private final UserAgent agent;
  private final String callId;
  private final boolean ownCallId;
  private final BooleanSupplier unacknowledged;
  private final Sending sending;
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private final List<SessionChange> theirs = new ArrayList<>();
  private @Nullable Wanted sent;
  private boolean backingOff;
  private boolean ended;

  /// @param ownCallId whether we made the Call-ID: that side waits longer after a 491
  /// @param unacknowledged whether a 2xx of ours waits for its ACK, which may hold the answer to an
  ///   offer: until then there is no place for another offer (RFC 3264 §4)
  SessionChanges(
      UserAgent agent,
      String callId,
      boolean ownCallId,
      BooleanSupplier unacknowledged,
      Sending sending) {
    this.agent = agent;
    this.callId = callId;
    this.ownCallId = ownCallId;
    this.unacknowledged = unacknowledged;
    this.sending = sending;
  }

  // --- ours -------------------------------------------------------------------------------------

  void want(Wanted wanted) {
    if (ended) {
      wanted.told().completed(SipResponse.of(NO_SUCH_CALL));
    } else if (waiting.size() >= MAX_WAITING) {
      wanted.told().completed(SipResponse.of(REQUEST_PENDING));
    } else {
      waiting.addLast(wanted);
      sendNext();
    }
  }

  // RFC 3261 §14.1: not while an INVITE is in progress in either direction.
  private void sendNext() {
    boolean free =
        sent == null && !backingOff && theirs.isEmpty() && !unacknowledged.getAsBoolean();
    if (free && !waiting.isEmpty()) {
      Wanted next = waiting.removeFirst();
      sent = next;
      sending.send(next, response -> answered(next, response));
    }
  }

  private void answered(Wanted wanted, SipResponse response) {
    sent = null;
    Optional<Duration> delay = wanted.attempt() < MAX_ATTEMPTS ? delay(response) : Optional.empty();
    if (ended || delay.isEmpty()) {
      wanted.told().completed(response);
      sendNext();
      return;
    }
    backingOff = true;
    waiting.addFirst(wanted.again());
    agent.later(
        delay.get(),
        callId,
        () -> {
          backingOff = false;
          sendNext();
        });
  }

  /// How long to wait before it is tried again (RFC 3261 §14.1); empty when the answer is final.
  private Optional<Duration> delay(SipResponse response) {
    if (response.status() == REQUEST_PENDING) {
      return Optional.of(agent.timers().glare(ownCallId, agent.identifiers().fraction()));
    }
    return response.status() == SERVER_INTERNAL_ERROR
        ? response.headers().first("Retry-After").flatMap(SessionChanges::seconds)
        : Optional.empty();
  }

  private static Optional<Duration> seconds(String retryAfter) {
    String digits = retryAfter.strip().split("[ ;(]", 2)[0];
    boolean short_ = digits.matches("[0-9]{1,2}") && Integer.parseInt(digits) <= MAX_RETRY_SECONDS;
    return short_ ? Optional.of(Duration.ofSeconds(Integer.parseInt(digits))) : Optional.empty();
  }

  // --- the peer's -------------------------------------------------------------------------------

  /// Whether the peer may change something now; when not, it has been answered.
  boolean admits(SessionChange change) {
    boolean overlaps =
        theirs.stream()
            .anyMatch(earlier ->
                earlier.isInvite() == change.isInvite()
                    || (earlier.hasOffer() && change.hasOffer()));
    if (overlaps) {
      String soon = Integer.toString((int) (agent.identifiers().fraction() * MAX_RETRY_SECONDS));
      change.refuse(
          SERVER_INTERNAL_ERROR, "Overlapping Request", SipHeaders.of("Retry-After", soon));
      return false;
    }
    if (sent != null && sent.hasOffer() && change.hasOffer()) {
      change.refuse(REQUEST_PENDING, "Request Pending", SipHeaders.NONE);
      return false;
    }
    theirs.add(change);
    return true;
  }

  /// A change of the peer has its final answer.
  void answered(SessionChange change) {
    if (theirs.remove(change)) {
      sendNext();
    }
  }

  /// No 2xx of ours waits for its ACK any more.
  void acknowledged() {
    sendNext();
  }

  // --- the end ----------------------------------------------------------------------------------

  /// The dialog is gone: what waits is told so, and what the peer waits for gets 487 (RFC 3261
  /// §15.1.2).
  void end() {
    ended = true;
    List.copyOf(theirs).forEach(SessionChange::cancelled);
    theirs.clear();
    List<Wanted> left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(wanted -> wanted.told().completed(SipResponse.of(NO_SUCH_CALL)));
  }
}
