package io.continuo.demo;

import io.continuo.device.ladder.Drawing;
import io.continuo.device.sip.NotInTime;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// What should have been seen, and whether it was.
///
/// Threading: the story's thread only.
final class Expectations {
  private final List<String> unprinted = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final Drawing drawing;
  private int held;

  Expectations(Drawing drawing) {
    this.drawing = drawing;
  }

  /// Checks one thing.
  ///
  /// @param what in words
  /// @param look waits for it; throws [NotInTime] or [NotSeen] when it is not so
  void expect(String what, Runnable look) {
    try {
      look.run();
      held++;
      unprinted.add(drawing.paint("32", drawing.unicode() ? "✓ " : "ok ") + what);
    } catch (NotInTime | NotSeen | IllegalStateException notSo) {
      missing.add(what + " (" + notSo.getMessage() + ")");
      unprinted.add(drawing.paint("31", drawing.unicode() ? "✗ " : "NO ") + missing.getLast());
    }
  }

  /// Prints what was checked since the last time.
  void print(PrintStream out) {
    unprinted.forEach(line -> out.println("  " + line));
    unprinted.clear();
  }

  List<String> missing() {
    return List.copyOf(missing);
  }

  int held() {
    return held;
  }

  /// Something was seen that should have been otherwise.
  static final class NotSeen extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotSeen(String how) {
      super(how);
    }

    static void unless(boolean so, String how) {
      if (!so) {
        throw new NotSeen(how);
      }
    }
  }
}
