package io.continuo.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Fails the build when fewer tests ran than `.ci/executed-tests-floor` says, or when one was
/// skipped: tests must not disappear unseen.
///
/// Started by Maven at the end of `verify` with the project's root as its argument.
public final class ExecutedTestsFloor {
  private static final String FLOOR_FILE = ".ci/executed-tests-floor";

  private ExecutedTestsFloor() {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toRealPath();
    ExecutedTests sum = new ExecutedTests(0, 0);
    for (ModuleDirectory module : ModuleDirectory.below(root)) {
      ExecutedTests tests = ExecutedTests.of(module);
      System.out.printf("%6d tests in %s%n", tests.executed(), module.path().getFileName());
      sum = sum.plus(tests);
    }
    int floor = floorIn(Files.readAllLines(root.resolve(FLOOR_FILE)));
    System.out.printf("%6d tests executed, the floor is %d%n", sum.executed(), floor);
    List<String> complaints = complaints(sum, floor);
    complaints.forEach(System.err::println);
    System.exit(complaints.isEmpty() ? 0 : 1);
  }

  /// The one number of the file; lines that begin with `#` are comments.
  static int floorIn(List<String> lines) throws IOException {
    List<String> numbers =
        lines.stream().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    if (numbers.size() != 1 || !numbers.getFirst().matches("\\d{1,6}")) {
      throw new IOException(FLOOR_FILE + " must hold one number, not " + numbers);
    }
    return Integer.parseInt(numbers.getFirst());
  }

  static List<String> complaints(ExecutedTests tests, int floor) {
    List<String> complaints = new ArrayList<>();
    if (tests.executed() < floor) {
      complaints.add(
          "Only %d tests were executed, %d are expected. Lower %s only when tests were removed on purpose."
              .formatted(tests.executed(), floor, FLOOR_FILE));
    }
    if (tests.skipped() > 0) {
      complaints.add("%d tests were skipped; no test may be.".formatted(tests.skipped()));
    }
    return complaints;
  }
}
