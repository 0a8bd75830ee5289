package io.continuo.server.b2bua;

import io.continuo.server.configuration.SessionSettings.Unreachable;
import io.continuo.server.identity.LegId;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/// When and how an inviter is answered: with the other side's first 2xx, without it when messages
/// are kept, or with the best of all refusals (RFC 3261 §16.7). `wire.md`, "Answering the inviter".
/// Threading: the conversation's loop only.
final class Inviters {
  private final Unreachable unreachable;

  /// Inviters whose first message is not durable yet.
  private final Set<LegId> awaitingFirstMessage = new HashSet<>();

  private final RefusalRanking refusals = new RefusalRanking();

  Inviters(Unreachable unreachable) {
    this.unreachable = unreachable;
  }

  /// What an inviter is told now.
  sealed interface Verdict {
    /// 200.
    record Answer() implements Verdict {}

    /// Nothing yet.
    record Wait() implements Verdict {}

    record Refuse(int status) implements Verdict {}
  }

  void begin() {
    refusals.clear();
  }

  void awaitFirstMessage(LegId inviter) {
    awaitingFirstMessage.add(inviter);
  }

  /// Its first message is durable, or it is gone.
  void stopAwaiting(LegId inviter) {
    awaitingFirstMessage.remove(inviter);
  }

  /// A device of another subscriber than the originator said no.
  void refused(int status) {
    refusals.add(status);
  }

  Verdict verdict(Leg inviter, Legs legs) {
    Predicate<Leg> otherSide = leg -> !leg.belongsTo(inviter.owner());
    if (awaitingFirstMessage.contains(inviter.id())) {
      return new Verdict.Wait();
    }
    if (legs.any(otherSide.and(Leg::isPresent))) {
      return new Verdict.Answer();
    }
    return legs.any(otherSide.and(Leg::isPending)) ? new Verdict.Wait() : nobodyLeft();
  }

  private Verdict nobodyLeft() {
    OptionalInt best = refusals.best();
    if (best.isPresent()) {
      return new Verdict.Refuse(best.getAsInt());
    }
    return unreachable == Unreachable.KEEP
        ? new Verdict.Answer()
        : new Verdict.Refuse(SipStatus.TEMPORARILY_UNAVAILABLE);
  }
}
