package io.continuo.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Makes `server/docs/conformance.md` of what the tests of all modules showed, and compares it with
/// the committed one.
///
/// Started by Maven at the end of `verify` with the project's root and `--write=true|false`. A
/// different document fails the build, so that what it says was always seen.
public final class ConformanceDocument {
  private static final Path DOCUMENT = Path.of("server/docs/conformance.md");
  private static final Path SECTIONS = Path.of("server/docs/conformance-sections.txt");
  private static final int MAX_COMPLAINTS = 40;
  private static final String HOW_TO_WRITE = "mvn verify -Dconformance.write";

  private static final String HEAD =
      """
      # Conformance

      Made by `%s` of the tests that carry `@Spec`; do not edit. *Shows* is the test's name. *Observed* is
      what its devices were told (answers, requests, messages, receipts), the status each bad input got, or on how many inputs it held;
      empty: it held on one. Tests that end in `IT` ran against the server as a process, over real sockets. `mvn verify` fails when this
      page and the tests differ.

      %d sections are shown by %d tests; %d sections that our profile uses have no test yet (at the end).
      """;

  private final Collection<ShownTest> tests;
  private final ExpectedSections expected;

  ConformanceDocument(Collection<ShownTest> tests, ExpectedSections expected) {
    this.tests =
        tests.stream()
            .sorted(
                Comparator.comparing(ShownTest::section)
                    .thenComparing(ShownTest::testClass)
                    .thenComparing(ShownTest::method))
            .toList();
    this.expected = expected;
  }

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toRealPath();
    List<ShownTest> tests = new ArrayList<>();
    for (ModuleDirectory module : ModuleDirectory.below(root)) {
      tests.addAll(ShownTest.of(module));
    }
    ConformanceDocument document =
        new ConformanceDocument(tests, ExpectedSections.read(root.resolve(SECTIONS)));
    if (!arguments[1].equals("--write=false")) {
      Files.writeString(root.resolve(DOCUMENT), document.text());
      System.out.println("Wrote " + DOCUMENT);
      return;
    }
    List<String> complaints = document.complaints(committed(root.resolve(DOCUMENT)));
    complaints.forEach(System.err::println);
    System.exit(complaints.isEmpty() ? 0 : 1);
  }

  private static String committed(Path document) throws IOException {
    return Files.exists(document) ? Files.readString(document) : "";
  }

  /// How the committed document differs from what the tests showed; empty when it does not.
  List<String> complaints(String committed) {
    List<String> now = text().lines().toList();
    List<String> before = committed.lines().toList();
    if (now.equals(before)) {
      return List.of();
    }
    List<String> complaints = new ArrayList<>();
    complaints.add(DOCUMENT + " is not what the tests showed. Write it anew: " + HOW_TO_WRITE);
    now.stream().filter(line -> !before.contains(line)).forEach(l -> complaints.add("+ " + l));
    before.stream().filter(line -> !now.contains(line)).forEach(l -> complaints.add("- " + l));
    return complaints.subList(0, Math.min(complaints.size(), MAX_COMPLAINTS));
  }

  String text() {
    List<SpecSection> missing = missing();
    StringBuilder text = new StringBuilder();
    long sections = tests.stream().map(ShownTest::section).distinct().count();
    long methods = tests.stream().map(t -> t.testClass() + "." + t.method()).distinct().count();
    text.append(HEAD.formatted(HOW_TO_WRITE, sections, methods, missing.size()));
    byDocument().forEach((document, shown) -> appendShown(text, document, shown));
    appendMissing(text, missing);
    return text.toString();
  }

  private Map<String, List<ShownTest>> byDocument() {
    Comparator<String> order = Comparator.comparing(name -> new SpecSection(name, ""));
    return tests.stream()
        .collect(
            Collectors.groupingBy(
                test -> test.section().document(),
                () -> new TreeMap<>(order),
                Collectors.toList()));
  }

  private void appendShown(StringBuilder text, String document, List<ShownTest> shown) {
    text.append("\n## ").append(document).append("\n\n");
    text.append("| Section | Shows | Observed | Test |\n|---|---|---|---|\n");
    for (ShownTest test : shown) {
      String topic = expected.topicOf(test.section());
      String section = test.section().section() + (topic.isEmpty() ? "" : " " + topic);
      String result = test.result().equals("passed") ? "" : "**" + test.result() + "** ";
      appendRow(
          text, section, result + test.sentence(), test.observed(), "`" + test.testClass() + "`");
    }
  }

  private void appendMissing(StringBuilder text, List<SpecSection> missing) {
    text.append("\n## Not shown\n\nUsed by our wire profile, but no test names them.\n\n");
    text.append("| Section | Topic |\n|---|---|\n");
    missing.forEach(section -> appendRow(text, section.toString(), expected.topics().get(section)));
  }

  private List<SpecSection> missing() {
    return expected.topics().keySet().stream()
        .filter(section -> tests.stream().noneMatch(test -> section.isShownBy(test.section())))
        .toList();
  }

  private static void appendRow(StringBuilder text, String... cells) {
    for (String cell : cells) {
      text.append("| ").append(cell.replace("|", "\\|")).append(cell.isEmpty() ? "" : " ");
    }
    text.append("|\n");
  }
}
