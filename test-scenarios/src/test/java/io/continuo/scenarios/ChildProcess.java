package io.continuo.scenarios;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A child process and every line it has said, for waiting on one and for telling what went wrong.
///
/// Threading: one virtual thread reads; callers wait on the monitor of the lines.
public final class ChildProcess {
  private static final int TOLD_LINES = 80;

  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /// Starts it and reads what it says; standard error is read as output.
  public static ChildProcess start(ProcessBuilder builder) throws IOException {
    ChildProcess started = new ChildProcess(builder.redirectErrorStream(true).start());
    Thread.ofVirtual().name("output of " + builder.command().getFirst()).start(started::read);
    return started;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (lines) {
          lines.add(line);
          lines.notifyAll();
        }
      }
    } catch (IOException brokenOff) {
      // A killed process takes its stream along; whoever reads the lines sees where they end.
      synchronized (lines) {
        lines.add("(output broke off: " + brokenOff.getMessage() + ")");
      }
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  /// The first line that fits, waiting for it; empty when the process says nothing more or the time
  /// is over.
  public Optional<String> awaitLine(Predicate<String> fits, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (lines) {
      for (int seen = 0; ; seen++) {
        while (seen == lines.size()) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (ended || left <= 0) {
            return Optional.empty();
          }
          waitForLines(left);
        }
        if (fits.test(lines.get(seen))) {
          return Optional.of(lines.get(seen));
        }
      }
    }
  }

  private void waitForLines(long millis) {
    try {
      lines.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a process", e);
    }
  }

  /// The exit status, when it ends in time.
  public int awaitExit(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + limit + ":\n" + told());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a process", e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /// SIGTERM.
  public void terminate() {
    process.destroy();
  }

  /// SIGKILL.
  public void kill() {
    process.destroyForcibly();
  }

  public List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /// The last lines, for a failure's message.
  public String told() {
    List<String> all = lines();
    return String.join("\n", all.subList(Math.max(0, all.size() - TOLD_LINES), all.size()));
  }
}
