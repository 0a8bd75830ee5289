package io.continuo.scenarios.language;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What the devices of one scenario have seen, counted: the *observed* column of the conformance
/// document. A verb of the language notes what it has seen when it was so, hence the text follows
/// from the scenario alone and is the same in every run.
///
/// Threading: any thread; scenarios may have several writers.
final class Observations {
  private final Map<String, Integer> seen = new LinkedHashMap<>();

  void saw(String what) {
    saw(what, 1);
  }

  synchronized void saw(String what, int times) {
    seen.merge(what, times, Integer::sum);
  }

  /// As in `4 × INVITE, 200 to INVITE, 5 × bodiless SEND`.
  synchronized String text() {
    return seen.entrySet().stream()
        .map(each -> (each.getValue() == 1 ? "" : each.getValue() + " × ") + each.getKey())
        .collect(Collectors.joining(", "));
  }
}
