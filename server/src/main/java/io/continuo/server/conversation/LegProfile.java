package io.continuo.server.conversation;

import java.util.List;

/// What a device said it takes on this leg.
///
/// @param acceptTypes `accept-types` (RFC 4975 §8.6) in lower case; may hold `*`
/// @param acceptWrappedTypes `accept-wrapped-types`, in lower case; empty when it said none
/// @param maxSize `max-size` in bytes, `Long.MAX_VALUE` when it said none
/// @param window how many deliveries may be unanswered at once on this leg, at least 1
public record LegProfile(
    List<String> acceptTypes, List<String> acceptWrappedTypes, long maxSize, int window) {
  public LegProfile {
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    if (window < 1) {
      throw new IllegalArgumentException("window " + window);
    }
  }
}
