package io.continuo.sipp;

import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Runs a test with SIPp devices: [#starts] gives it a server, and at the end everything is stopped
/// and, when the test has passed, what the devices received is published as observed.
///
/// Used by `@RegisterExtension final SippTest sipp = new SippTest();`.
final class SippTest implements BeforeEachCallback, AfterEachCallback {
  private Optional<Path> directory = Optional.empty();
  private Optional<SippChat> chat = Optional.empty();
  private String name = "";

  /// A server as it is configured by default.
  SippChat starts() throws IOException {
    return starts(UnaryOperator.identity());
  }

  SippChat starts(UnaryOperator<ServerSetup> settings) throws IOException {
    SippChat started = SippChat.start(name, directory.orElseThrow(), settings);
    chat = Optional.of(started);
    return started;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    name = context.getRequiredTestMethod().getName();
    directory = Optional.of(Files.createTempDirectory("continuo-sipp"));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    if (chat.isPresent()) {
      if (context.getExecutionException().isEmpty()) {
        context.publishReportEntry("observed", chat.get().observed());
      }
      chat.get().close();
    }
    removed(directory.orElseThrow());
  }

  private static void removed(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(SippTest::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
