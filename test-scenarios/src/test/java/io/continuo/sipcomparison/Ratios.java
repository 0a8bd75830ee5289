package io.continuo.sipcomparison;

import java.util.List;

/// Ratios of the rounds of one run, in order of size.
record Ratios(List<Double> sorted) {
  Ratios {
    sorted = sorted.stream().sorted().toList();
  }

  double median() {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  @Override
  public String toString() {
    return "%.2f (%.2f to %.2f in %d rounds)"
        .formatted(median(), sorted.getFirst(), sorted.getLast(), sorted.size());
  }
}
