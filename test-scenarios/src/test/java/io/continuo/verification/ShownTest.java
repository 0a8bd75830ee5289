package io.continuo.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One line of what `io.continuo.conformance.SpecReport` wrote: a test that shows a section.
///
/// @param testClass simple name of the class
/// @param method the test's name, a sentence in camel case
/// @param result `passed`, `failed` or `skipped`
/// @param observed what the test saw, or empty
record ShownTest(
    SpecSection section, String testClass, String method, String result, String observed) {
  private static final int COLUMNS = 5;

  /// What the tests of one module showed.
  static List<ShownTest> of(ModuleDirectory module) throws IOException {
    List<ShownTest> tests = new ArrayList<>();
    for (Path file : module.built("conformance", "", ".tsv")) {
      String name = file.getFileName().toString();
      if (module.hasTestClass(name.substring(0, name.length() - ".tsv".length()))) {
        for (String line : Files.readAllLines(file)) {
          tests.add(parse(line));
        }
      }
    }
    return tests;
  }

  static ShownTest parse(String line) throws IOException {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      throw new IOException("Not a line of a conformance report: " + line);
    }
    String simpleName = columns[1].substring(columns[1].lastIndexOf('.') + 1).replace('$', '.');
    return new ShownTest(
        SpecSection.parse(columns[0]), simpleName, columns[2], columns[3], columns[4]);
  }

  /// `aChunkBeforeTheAnswerIsRefused` as "A chunk before the answer is refused".
  String sentence() {
    String words =
        method
            .replace('_', ' ')
            .replaceAll("(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])", " ")
            .replaceAll("(?<=[A-Z])(?=[A-Z][a-z])", " ");
    StringBuilder sentence = new StringBuilder();
    for (String word : words.split(" +")) {
      boolean acronym = word.length() > 1 && word.equals(word.toUpperCase(Locale.ROOT));
      sentence.append(' ').append(acronym ? word : word.toLowerCase(Locale.ROOT));
    }
    String text = sentence.toString().strip();
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
