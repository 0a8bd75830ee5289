package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import java.util.List;

/// What a device said it takes on this leg.
///
/// @param acceptTypes `accept-types` (RFC 4975 §8.6) in lower case; may hold `*`
/// @param acceptWrappedTypes `accept-wrapped-types`, in lower case; empty when it said none
/// @param maxSize `max-size` in bytes, `Long.MAX_VALUE` when it said none
/// @param window how many deliveries may be unanswered at once on this leg, at least 1
/// @param receives whether it takes messages now; [ConversationEvent.Direction] tells when that
///   changes
public record LegProfile(
    List<String> acceptTypes,
    List<String> acceptWrappedTypes,
    long maxSize,
    int window,
    boolean receives) {
  public LegProfile {
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    if (window < 1) {
      throw new IllegalArgumentException("window " + window);
    }
  }

  /// What takes messages from the beginning.
  public LegProfile(
      List<String> acceptTypes, List<String> acceptWrappedTypes, long maxSize, int window) {
    this(acceptTypes, acceptWrappedTypes, maxSize, window, true);
  }

  /// Whether this type may come bare.
  public boolean takes(String contentType) {
    return named(acceptTypes, ContentType.essence(contentType));
  }

  /// Whether this type may come inside CPIM: any when it listed none for wrapping (RFC 4975 §8.6
  /// would allow the bare ones only, shipped clients mean "all").
  public boolean takesInCpim(String wrappedType) {
    String essence = ContentType.essence(wrappedType);
    return takes(ContentType.CPIM)
        && (acceptWrappedTypes.isEmpty()
            || named(acceptWrappedTypes, essence)
            || named(acceptTypes, essence));
  }

  private static boolean named(List<String> types, String essence) {
    String range = essence.substring(0, essence.indexOf('/') + 1) + "*";
    return types.contains(essence) || types.contains("*") || types.contains(range);
  }
}
