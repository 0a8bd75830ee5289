package io.continuo.server.runtime;

import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import java.time.Duration;

/// Port: what an operator counts. Any thread; returns at once.
public interface ChatObserver {
  void counted(ConversationEffect.Counted what);

  /// A copy of an entry was handed to a device's channel.
  void copySent();

  /// A device answered a copy.
  ///
  /// @param took since the copy was handed to its channel
  void copyAnswered(DeliveryOutcome outcome, Duration took);

  /// A device is about to be handed an entry out of log order: our own fault, never a peer's.
  void outOfOrder();

  /// A session got its first leg, or lost its last.
  void sessionStarted();

  void sessionEnded();
}
