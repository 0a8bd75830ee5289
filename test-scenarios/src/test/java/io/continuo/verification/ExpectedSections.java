package io.continuo.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The sections that our wire profile uses, with what each is about: `conformance-sections.txt`.
/// Those that no test shows are listed in the conformance document as *not shown*.
record ExpectedSections(Map<SpecSection, String> topics) {

  /// Lines of `RFC 4975 §7.3.1 | Answering a SEND`; `#` begins a comment.
  static ExpectedSections read(Path file) throws IOException {
    Map<SpecSection, String> topics = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int bar = line.indexOf('|');
        if (bar < 0) {
          throw new IOException(file + ": no '|' in: " + line);
        }
        topics.put(
            SpecSection.parse(line.substring(0, bar).strip()), line.substring(bar + 1).strip());
      }
    }
    return new ExpectedSections(topics);
  }

  String topicOf(SpecSection section) {
    return topics.getOrDefault(section, "");
  }
}
