package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import java.util.HashMap;
import java.util.Map;

/// The ACKs to the 2xx of one dialog: ours, sent again for each repeated 2xx (RFC 3261 §13.2.2.4),
/// and the peer's, until which our 2xx is repeated (§13.3.1.4). By the sequence number of the
/// INVITE.
///
/// Threading: the stripe of the Call-ID.
final class Acknowledgements {
  private final UserAgent agent;
  private final DialogRoute route;
  private final Map<Long, Runnable> ours = new HashMap<>();
  private final Map<Long, Repetition> awaited = new HashMap<>();

  Acknowledgements(UserAgent agent, DialogRoute route) {
    this.agent = agent;
    this.route = route;
  }

  void send(long sequence) {
    RequestHead head = route.head("ACK", sequence);
    route.resolve(
        targets -> {
          Target target = targets.getFirst();
          String via = agent.via(target, agent.identifiers().branch());
          byte[] ack =
              Wire.encode(
                  head.startLine(), head.fields(via), agent.signed(SipHeaders.NONE), new byte[0]);
          ours.clear(); // an older INVITE of this dialog has been acknowledged long ago
          ours.put(sequence, () -> agent.sendOrForget(target, ack));
          agent.sendOrForget(target, ack);
        },
        () -> {});
  }

  /// A 2xx came again: so must its ACK.
  void sendAgain(long sequence) {
    ours.getOrDefault(sequence, () -> {}).run();
  }

  /// Repeats our 2xx until its ACK comes.
  void await(long sequence, Flow back, byte[] response, Runnable inVain) {
    Runnable never =
        () -> {
          awaited.remove(sequence);
          inVain.run();
        };
    awaited.put(
        sequence,
        new Repetition(agent, route.id().callId(), back, response, agent.timers().t2(), never));
  }

  /// Whether an ACK was awaited.
  boolean came(long sequence) {
    Repetition repetition = awaited.remove(sequence);
    if (repetition != null) {
      repetition.stop();
    }
    return repetition != null;
  }

  boolean areAwaited() {
    return !awaited.isEmpty();
  }

  void end() {
    awaited.values().forEach(Repetition::stop);
    awaited.clear();
  }
}
