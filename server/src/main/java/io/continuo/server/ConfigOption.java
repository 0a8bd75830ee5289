package io.continuo.server;

import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.configuration.ServerConfiguration;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--config FILE`, the same for every command.
final class ConfigOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "configuration file (YAML); without it every setting has its default")
  private @Nullable Path file;

  ServerConfiguration load() throws InvalidConfiguration {
    return file == null ? ServerConfiguration.withoutFile() : ServerConfiguration.load(file);
  }

  /// Every error on a line of its own.
  static void print(InvalidConfiguration invalid, PrintWriter out) {
    int errors = invalid.errors().size();
    String count = errors == 1 ? "1 error" : errors + " errors";
    out.println("continuo: " + invalid.source() + " has " + count + ":");
    invalid.errors().forEach(error -> out.println("  " + error));
    out.flush();
  }

  static void print(InvalidConfiguration invalid, PrintStream out) {
    print(invalid, new PrintWriter(out, true, StandardCharsets.UTF_8));
  }
}
