package io.continuo.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Writes what every test with [Spec] showed to `target/conformance/<class>.tsv` of its module: one
/// line for each test and section, with the columns section, class, method, result and what the
/// test observed. `server/docs/conformance.md` is made of these files.
///
/// A test says what it observed by `TestReporter.publishEntry("observed", "481")`. It must be the
/// same in every run: no ports, times or random ids, else the committed document never matches.
///
/// The launcher finds this class through `META-INF/services`, in every module that has the test jar
/// of msrp-codec on its test class path.
///
/// Threading: the launcher may call from several threads when tests run in parallel, hence
/// `synchronized`.
public final class SpecReport implements TestExecutionListener {
  static final String OBSERVED = "observed";

  private final Path directory;
  private final Map<String, Map<String, Shown>> classes = new TreeMap<>();

  /// What is known of one test method so far; a parameterised test is one method.
  private static final class Shown {
    final Set<String> sections = new LinkedHashSet<>();
    final Set<String> observed = new LinkedHashSet<>();
    String result = "passed";
    int cases;

    /// What it published; else, when it passed with several inputs, how many these were.
    String observation() {
      boolean counts = observed.isEmpty() && cases > 1 && result.equals("passed");
      return counts ? cases + " cases" : String.join("; ", observed);
    }
  }

  /// For the launcher; Surefire and Failsafe set `basedir` to the module's directory.
  public SpecReport() {
    this(Path.of(System.getProperty("basedir", "."), "target", "conformance"));
  }

  SpecReport(Path directory) {
    this.directory = directory;
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    String observed = entry.getKeyValuePairs().get(OBSERVED);
    if (observed != null) {
      shownBy(test).ifPresent(shown -> shown.observed.add(observed));
    }
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
    shownBy(test).filter(_ -> test.isTest()).ifPresent(shown -> shown.cases++);
    shownBy(test).filter(_ -> !passed).ifPresent(shown -> shown.result = "failed");
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    shownBy(test).ifPresent(shown -> shown.result = "skipped");
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan plan) {
    classes.forEach(this::write);
  }

  private Optional<Shown> shownBy(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .flatMap(this::shownBy);
  }

  private Optional<Shown> shownBy(MethodSource source) {
    List<String> sections = sections(source.getJavaClass(), source.getJavaMethod());
    if (sections.isEmpty()) {
      return Optional.empty();
    }
    Shown shown =
        classes
            .computeIfAbsent(source.getClassName(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(source.getMethodName(), _ -> new Shown());
    shown.sections.addAll(sections);
    return Optional.of(shown);
  }

  /// The sections of the method, of the type that declares it (a contract's interface, perhaps) and
  /// of the class that runs it.
  private static List<String> sections(Class<?> type, Method method) {
    return Stream.of(
            method.getAnnotationsByType(Spec.class),
            method.getDeclaringClass().getAnnotationsByType(Spec.class),
            type.getAnnotationsByType(Spec.class))
        .flatMap(Stream::of)
        .map(Spec::value)
        .distinct()
        .toList();
  }

  private void write(String className, Map<String, Shown> methods) {
    List<String> lines = new ArrayList<>();
    methods.forEach((method, shown) -> {
      for (String section : shown.sections) {
        lines.add(line(section, className, method, shown.result, shown.observation()));
      }
    });
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(className + ".tsv"), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String... columns) {
    return Stream.of(columns)
        .map(column -> column.replaceAll("\\s+", " ").strip())
        .reduce((left, right) -> left + "\t" + right)
        .orElse("");
  }
}
