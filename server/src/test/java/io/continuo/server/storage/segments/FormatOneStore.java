package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.everyKindOfAnswer;
import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.message;

import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.Told;
import java.nio.file.Path;
import java.util.List;

/// Writes the store file that is kept under `src/test/resources/store/format-1`. Run once, by the
/// release that had format 1; a later format adds a folder and leaves this one as it is.
final class FormatOneStore {
  private FormatOneStore() {}

  /// Every kind of entry, the large body replaced by a small one.
  static List<Entry> entries() {
    return everyKindOfEntry().stream()
        .map(entry -> entry.sequence() == 5 ? message(5, "small 😀") : entry)
        .toList();
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (SegmentLog log = SegmentLog.open(SegmentFiles.settings(directory))) {
      Told.append(log, OTHER, List.of(message(1, "erased")));
      log.erase(OTHER);
      Told.append(log, CONVERSATION, entries());
      everyKindOfAnswer(3).forEach(answer -> log.note(CONVERSATION, answer));
    }
  }
}
