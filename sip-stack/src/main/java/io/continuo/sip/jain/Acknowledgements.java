package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import java.util.HashMap;
import java.util.List;
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
          ours.clear(); // an older INVITE of this dialog has been acknowledged long ago
          Runnable acknowledge = new InTurn(head, targets);
          ours.put(sequence, acknowledge);
          acknowledge.run();
        },
        () -> {});
  }

  /// Sends an ACK to the best server, and each time that the 2xx comes again to the next one:
  /// nothing answers an ACK, so that is all that is heard of one which does not get through (RFC
  /// 3263 §4.3).
  private final class InTurn implements Runnable {
    private final RequestHead head;
    private final List<Target> targets;
    private final String branch = agent.identifiers().branch();
    private int next;

    InTurn(RequestHead head, List<Target> targets) {
      this.head = head;
      this.targets = targets;
    }

    @Override
    public void run() {
      Target target = targets.get(next);
      next = (next + 1) % targets.size();
      String via = agent.via(target, branch);
      agent.sendOrForget(
          target,
          Wire.encode(
              head.startLine(), head.fields(via), agent.signed(SipHeaders.NONE), new byte[0]));
    }
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
