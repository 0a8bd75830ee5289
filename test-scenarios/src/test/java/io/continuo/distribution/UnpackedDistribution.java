package io.continuo.distribution;

import io.continuo.scenarios.ChildProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// The zip that Maven's `package` made, unpacked as an operator would.
///
/// @param home the directory that holds `bin`, `lib` and `conf`
public record UnpackedDistribution(Path home) {
  static final Duration LIMIT = Duration.ofSeconds(60);

  /// What a command said and how it ended.
  record Outcome(int status, String output) {}

  /// The zip; Failsafe tells where it is.
  static Path zip() {
    return Path.of(System.getProperty("continuo.distribution"));
  }

  /// Another for another zip: its length and when it was made.
  public static String fingerprint() throws IOException {
    return Files.size(zip()) + "-" + Files.getLastModifiedTime(zip()).toMillis();
  }

  public static UnpackedDistribution in(Path directory) throws IOException {
    try (InputStream file = Files.newInputStream(zip());
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("outside of the zip: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(in, target);
        }
      }
    }
    UnpackedDistribution unpacked =
        new UnpackedDistribution(
            directory.resolve("continuo-" + System.getProperty("continuo.version")));
    // java.util.zip does not keep modes, unzip does.
    if (!unpacked.command().toFile().setExecutable(true)) {
      throw new IOException("cannot make it executable: " + unpacked.command());
    }
    return unpacked;
  }

  Path command() {
    return home.resolve("bin/continuo");
  }

  /// Runs `bin/continuo` with the tests' Java.
  Outcome run(String... arguments) throws IOException {
    return run(home, command(), arguments);
  }

  /// The same, with a file as standard input.
  Outcome runWith(Path input, String... arguments) throws IOException {
    return end(builder(home, command(), arguments).redirectInput(input.toFile()));
  }

  static Outcome run(Path directory, Path command, String... arguments) throws IOException {
    return end(builder(directory, command, arguments));
  }

  private static ProcessBuilder builder(Path directory, Path command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  static Outcome end(ProcessBuilder builder) throws IOException {
    ChildProcess process = ChildProcess.start(builder);
    int status = process.awaitExit(LIMIT);
    // The reader has everything when it saw the end of the stream.
    process.awaitLine(_ -> false, LIMIT);
    return new Outcome(status, String.join("\n", process.lines()));
  }
}
