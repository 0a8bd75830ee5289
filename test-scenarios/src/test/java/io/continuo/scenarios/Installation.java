package io.continuo.scenarios;

import io.continuo.distribution.UnpackedDistribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The distribution that the build has made, unpacked once for all servers that its tests start.
///
/// A server of a test lives for seconds, and most of what a start costs is loading classes and
/// compiling them. So its classes come from an archive that the first server has left (class data
/// sharing, `-XX:SharedArchiveFile`), and it has the first compiler only: 1.5 s of a processor in
/// place of 5.
///
/// Threading: any. Other test JVMs of the same build wait at a lock file, and then find it made.
final class Installation {
  private static final Path DIRECTORY = Path.of("target", "installation").toAbsolutePath();

  private final Path home;
  private final Path archive;

  private Installation(Path home) {
    this.home = home;
    this.archive = home.resolveSibling("classes.jsa");
  }

  /// Empty when the tests run from classes, without Maven.
  static Optional<Installation> ofThisBuild() {
    return System.getProperty("continuo.distribution") == null
        ? Optional.empty()
        : Optional.of(Made.INSTALLATION);
  }

  /// Looked for once in a JVM.
  private static final class Made {
    static final Installation INSTALLATION = make();

    private static Installation make() {
      try {
        Files.createDirectories(DIRECTORY);
        try (FileChannel file =
                FileChannel.open(
                    DIRECTORY.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            FileLock _ = file.lock()) {
          return ofZip(DIRECTORY.resolve("of-" + UnpackedDistribution.fingerprint()));
        }
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private static Installation ofZip(Path directory) throws IOException {
    Path done = directory.resolve("done");
    if (Files.exists(done)) {
      return new Installation(Path.of(Files.readString(done)));
    }
    for (Path former : directories()) {
      delete(former);
    }
    Installation made =
        new Installation(UnpackedDistribution.in(Files.createDirectories(directory)).home());
    made.archiveClasses();
    Files.writeString(done, made.home.toString());
    return made;
  }

  /// A server that starts and stops; what it has loaded is written while it stops.
  private void archiveClasses() throws IOException {
    ServerSetup setup = ServerSetup.in(home.resolveSibling("server")).subscriber("alice");
    List<String> options = new ArrayList<>(ServerProcess.FOR_SECONDS);
    options.add("-XX:ArchiveClassesAtExit=" + archive);
    // What cannot be archived, like the classes of a signed jar, is told class by class.
    options.addAll(List.of("-Xlog:cds=error", "-Xlog:aot=error"));
    try (ServerProcess server = ServerProcess.start(setup, command(), options)) {
      server.terminate();
      if (!Files.exists(archive)) {
        throw new AssertionError("no archive of its classes:\n" + server.process().told());
      }
    }
  }

  /// `bin/continuo`.
  List<String> command() {
    return List.of(home.resolve("bin/continuo").toString());
  }

  /// For a server's JVM.
  List<String> options() {
    List<String> options = new ArrayList<>(ServerProcess.FOR_SECONDS);
    options.add("-XX:SharedArchiveFile=" + archive);
    return options;
  }

  private static List<Path> directories() throws IOException {
    try (Stream<Path> all = Files.list(DIRECTORY)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
