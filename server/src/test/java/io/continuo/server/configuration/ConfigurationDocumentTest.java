package io.continuo.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The documentation and the commented default file say what the records say, both ways.
class ConfigurationDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z-]+\\.[a-z-]+)` \\| `([^`]*)` \\|.*");
  private static final Pattern COMMENTED = Pattern.compile("(?m)^(\\s*)#([a-z][a-z-]*: )");

  /// Defaults that depend on something else: what the documentation says, and the file.
  private static final Map<String, List<String>> NOT_FIXED =
      Map.of(
          "tls.trust", List.of("(those of the JVM)", "\"\""),
          "msrp.relay-password-file", List.of("(none)", "\"\""),
          "auth.realm", List.of("(sip.domain)", "continuo.test"),
          "storage.subscribers-file", List.of("(subscribers.yaml, if there)", "subscribers.yaml"),
          "runtime.loops", List.of("(the processors)", "2"));

  @Test
  void theDocumentedTableIsThatOfTheRecords() throws IOException {
    Map<String, String> documented = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(documented.put(row.group(1), row.group(2))).as(row.group(1)).isNull();
      }
    }

    assertThat(documented).isEqualTo(defaults(0));
  }

  @Test
  void theCommentedDefaultFileShowsTheDefaultOfEveryKey() throws IOException {
    FlatYaml file = FlatYaml.parse(COMMENTED.matcher(defaultFile()).replaceAll("$1$2"));

    assertThat(file.errors()).isEmpty();
    assertThat(shown(file)).isEqualTo(defaults(1));
  }

  @Test
  void theDefaultFileAsItIsSaysNothing() throws IOException {
    FlatYaml file = FlatYaml.parse(defaultFile());

    assertThat(file.errors()).isEmpty();
    assertThat(file.values()).isEmpty();
  }

  @Test
  void theDefaultFileLoadsWithEverythingUncommented() throws Exception {
    FlatYaml file = FlatYaml.parse(COMMENTED.matcher(defaultFile()).replaceAll("$1$2"));

    ServerConfiguration loaded =
        new ConfigurationReader(file, Map.of(), Path.of("")).read("continuo.yaml");

    assertThat(loaded.sip()).isEqualTo(ServerConfiguration.DEFAULT.sip());
    assertThat(loaded.auth()).isEqualTo(ServerConfiguration.DEFAULT.auth());
    assertThat(loaded.registrar()).isEqualTo(ServerConfiguration.DEFAULT.registrar());
    assertThat(loaded.msrp()).isEqualTo(ServerConfiguration.DEFAULT.msrp());
    assertThat(loaded.tls()).isEqualTo(ServerConfiguration.DEFAULT.tls());
    assertThat(loaded.session()).isEqualTo(ServerConfiguration.DEFAULT.session());
    assertThat(loaded.imdn()).isEqualTo(ServerConfiguration.DEFAULT.imdn());
    assertThat(loaded.operations()).isEqualTo(ServerConfiguration.DEFAULT.operations());
  }

  private static Map<String, String> defaults(int notFixed) {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (Setting setting : Setting.all()) {
      List<String> words = NOT_FIXED.get(setting.key());
      defaults.put(
          setting.key(),
          words == null ? setting.text(setting.defaultValue()) : words.get(notFixed));
    }
    return defaults;
  }

  private static Map<String, String> shown(FlatYaml file) {
    Map<String, String> shown = new LinkedHashMap<>();
    for (Setting setting : Setting.all()) {
      String items =
          file.values().entrySet().stream()
              .filter(one -> one.getKey().replaceAll("\\[.*", "").equals(setting.key()))
              .map(one -> one.getValue().text())
              .collect(Collectors.joining(", "));
      shown.put(setting.key(), setting.isList() ? "[" + items + "]" : quoted(items));
    }
    file.values().keySet().stream()
        .map(key -> key.replaceAll("\\[.*", ""))
        .filter(key -> !shown.containsKey(key))
        .forEach(key -> shown.put(key, "unknown"));
    return shown;
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "\"\"" : text;
  }

  private static String defaultFile() throws IOException {
    try (InputStream in = ServerConfiguration.class.getResourceAsStream("/continuo.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
