package io.continuo.benchmark;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs benchmarks in turn, round after round, each run in a JVM of its own, and prints the medians
/// over the rounds. So a machine that is slower for a while is slower for all of them.
///
/// Started by `mvn -Pjmh` in each module, with `--rounds=5` and `--benchmarks=<regular expression
/// found in their full names>`. Prints for each benchmark the time of one call, the least and the
/// most of all rounds, the ratio to the first benchmark of its class by name (the median of the
/// ratios of each round, with the least and the most), and bytes allocated in one call.
public final class AlternatingRuns {
  private static final int WARM_UPS = 6;
  private static final int MEASUREMENTS = 5;
  private static final TimeValue EACH = TimeValue.milliseconds(300);
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private AlternatingRuns() {}

  public static void main(String[] arguments) throws RunnerException {
    int rounds = Integer.parseInt(option(arguments, "rounds"));
    Pattern wanted = Pattern.compile(option(arguments, "benchmarks"));
    Map<String, Series> all = new TreeMap<>();
    for (String name : names(wanted)) {
      all.put(name, new Series(new double[rounds], new double[rounds]));
    }
    for (int round = 0; round < rounds; round++) {
      System.out.printf("round %d of %d%n", round + 1, rounds);
      for (Map.Entry<String, Series> each : all.entrySet()) {
        run(each.getKey(), each.getValue(), round);
      }
    }
    print(all);
  }

  private static String option(String[] arguments, String name) {
    String prefix = "--" + name + "=";
    return Arrays.stream(arguments)
        .filter(argument -> argument.startsWith(prefix))
        .map(argument -> argument.substring(prefix.length()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("expected " + prefix));
  }

  private static Collection<String> names(Pattern wanted) {
    var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    var names = new TreeSet<String>();
    for (BenchmarkListEntry entry :
        BenchmarkList.defaultList().getAll(silent, Collections.emptyList())) {
      if (wanted.matcher(entry.getUsername()).find()) {
        names.add(entry.getUsername());
      }
    }
    return names;
  }

  private static void run(String name, Series series, int round) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(name) + "$")
            .forks(1)
            .warmupIterations(WARM_UPS)
            .warmupTime(EACH)
            .measurementIterations(MEASUREMENTS)
            .measurementTime(EACH)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();
    RunResult result = new Runner(options).runSingle();
    Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
    // Of one run, too, the median of its parts: a part in which the machine did other work is out.
    series.times()[round] = result.getPrimaryResult().getStatistics().getPercentile(50);
    series.bytes()[round] = allocated == null ? Double.NaN : allocated.getScore();
    System.out.printf("  %-70s %12.1f%n", name, series.times()[round]);
  }

  private static void print(Map<String, Series> all) {
    String form = "%-62s %10s %23s %18s %10s%n";
    System.out.printf(form, "median of each", "time", "least … most", "ratio", "bytes");
    String shownClass = "";
    Series first = new Series(new double[0], new double[0]);
    for (Map.Entry<String, Series> each : all.entrySet()) {
      String ofClass = each.getKey().substring(0, each.getKey().lastIndexOf('.'));
      if (!ofClass.equals(shownClass)) {
        shownClass = ofClass;
        first = each.getValue();
        System.out.println(ofClass);
      }
      System.out.printf(
          form,
          each.getKey().substring(ofClass.length() + 1),
          "%.1f".formatted(Series.median(each.getValue().times())),
          Series.spread("%.1f … %.1f", each.getValue().times()),
          Series.ratio(each.getValue().times(), first.times()),
          "%.0f".formatted(Series.median(each.getValue().bytes())));
    }
  }

  /// What was measured of one benchmark, round by round.
  private record Series(double[] times, double[] bytes) {
    static double median(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static String spread(String form, double[] values) {
      double least = Arrays.stream(values).min().orElse(Double.NaN);
      double most = Arrays.stream(values).max().orElse(Double.NaN);
      return form.formatted(least, most);
    }

    static String ratio(double[] values, double[] base) {
      double[] ratios = new double[values.length];
      Arrays.setAll(ratios, round -> values[round] / base[round]);
      return "%.2f".formatted(median(ratios)) + spread(" (%.2f…%.2f)", ratios);
    }
  }
}
