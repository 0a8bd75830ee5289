package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.message;

import io.continuo.server.conversation.Entry;
import java.util.List;

/// What the release that had log format 1 wrote to `src/test/resources/store/format-1`.
final class FormatOneStore {
  private FormatOneStore() {}

  /// Every kind of entry, the large body replaced by a small one.
  static List<Entry> entries() {
    return everyKindOfEntry().stream()
        .map(entry -> entry.sequence() == 5 ? message(5, "small 😀") : entry)
        .toList();
  }
}
