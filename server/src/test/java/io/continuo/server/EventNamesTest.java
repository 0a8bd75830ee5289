package io.continuo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every event that a module logs is named `area.what-happened`, so that whoever searches a log
/// need not guess: one dot behind the area, dashes between the words.
class EventNamesTest {
  private static final Pattern LOGGED = Pattern.compile("\\.log\\(\\s*\"([^\"]*)\"");
  private static final Pattern NAME = Pattern.compile("[a-z]+\\.[a-z]+(-[a-z]+)*");

  @Test
  void eventsAreNamedByTheirAreaAndWhatHappened() throws IOException {
    List<String> events = new ArrayList<>();
    try (DirectoryStream<Path> modules =
        Files.newDirectoryStream(Path.of(".."), each -> Files.isDirectory(sources(each)))) {
      for (Path module : modules) {
        events.addAll(events(sources(module)));
      }
    }

    assertThat(events)
        .contains("server.ready", "sip.stack-error") // two modules
        .allMatch(event -> NAME.matcher(event).matches());
  }

  private static Path sources(Path module) {
    return module.resolve("src/main/java");
  }

  private static List<String> events(Path sources) throws IOException {
    List<String> events = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher logged = LOGGED.matcher(Files.readString(file));
        while (logged.find()) {
          events.add(logged.group(1));
        }
      }
    }
    return events;
  }
}
