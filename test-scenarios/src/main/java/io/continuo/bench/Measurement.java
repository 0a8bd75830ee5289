package io.continuo.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// Warm-up, the measured phase, the end of all that is on its way, and the table.
record Measurement(Selecting run, BenchServer server) {

  /// @return whether every copy was right
  boolean take(PrintStream out) throws IOException {
    run.load(run.load().warmUp(), null);
    Figures figures = new Figures();
    Duration serverBefore = server.cpu();
    Duration ownBefore = BenchServer.cpu(ProcessHandle.current());
    long start = System.nanoTime();
    run.load(run.load().measured(), figures);
    double seconds = (System.nanoTime() - start) / 1e9;
    Duration serverCpu = server.cpu().minus(serverBefore);
    Duration ownCpu = BenchServer.cpu(ProcessHandle.current()).minus(ownBefore);
    boolean drained = run.drain();
    Talk.Faults faults = run.faults();
    print(out, figures, seconds, serverCpu, ownCpu);
    print(out, faults);
    if (!drained) {
      out.println(
          "Not everything had arrived " + Selecting.DRAIN.toSeconds() + " s after the load.");
    }
    return drained && faults.equals(Talk.Faults.NONE) && figures.copies > 0;
  }

  private void print(
      PrintStream out, Figures figures, double seconds, Duration serverCpu, Duration ownCpu) {
    Load load = run.load();
    out.println();
    out.println(
        "%d chats of 2 subscribers with 2 devices, %d-byte CPIM, %s, %.1f s"
            .formatted(load.conversations(), load.size(), pace(load), seconds));
    row(out, "messages/s", "%,.0f", figures.messages / seconds);
    row(out, "copies/s", "%,.0f", figures.copies / seconds);
    row(out, "server CPU µs per copy", "%.1f", serverCpu.toNanos() / 1e3 / figures.copies);
    row(out, "server CPU, cores", "%.2f", serverCpu.toNanos() / 1e9 / seconds);
    row(out, "generator CPU, cores", "%.2f", ownCpu.toNanos() / 1e9 / seconds);
    latency(out, "send to copy, ms", figures.copyLatency);
    latency(out, "send to 200 (stored), ms", figures.acceptLatency);
  }

  private static String pace(Load load) {
    return load.rate() == 0
        ? "window " + load.window()
        : load.rate() + " messages/s asked, window " + load.window();
  }

  private static void latency(PrintStream out, String what, Histogram nanos) {
    row(out, what + ", p50", "%.2f", nanos.getValueAtPercentile(50) / 1e6);
    row(out, what + ", p99", "%.2f", nanos.getValueAtPercentile(99) / 1e6);
    row(out, what + ", max", "%.2f", nanos.getMaxValue() / 1e6);
  }

  private static void print(PrintStream out, Talk.Faults faults) {
    row(out, "lost", "%,.0f", faults.lost());
    row(out, "duplicated", "%,.0f", faults.duplicated());
    row(out, "out of order", "%,.0f", faults.outOfOrder());
    row(out, "changed", "%,.0f", faults.changed());
    row(out, "refused", "%,.0f", faults.refused());
  }

  private static void row(PrintStream out, String what, String format, double value) {
    out.println("  %-34s %12s".formatted(what, format.formatted(value)));
  }
}
