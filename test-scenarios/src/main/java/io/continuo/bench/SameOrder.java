package io.continuo.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/// Compares the order in which two devices got the messages of both writers of a conversation: it
/// has to be the same, message by message, whoever is ahead.
///
/// Threading: the [Selecting] thread only.
final class SameOrder {
  /// Messages that one device may be ahead; the windows of both writers keep it far below.
  static final int MAX_AHEAD = 4 * Load.MAX_WINDOW;

  private final Deque<Long> ahead = new ArrayDeque<>();
  private boolean firstLeads;
  private long different;

  /// @param first whether it came to the first of the two devices
  /// @param message names it in this conversation
  void take(boolean first, long message) {
    if (ahead.isEmpty() || firstLeads == first) {
      firstLeads = first;
      if (ahead.size() == MAX_AHEAD) {
        throw new IllegalStateException("one device is " + MAX_AHEAD + " messages ahead");
      }
      ahead.add(message);
    } else if (ahead.remove() != message) {
      different++;
    }
  }

  long different() {
    return different;
  }
}
