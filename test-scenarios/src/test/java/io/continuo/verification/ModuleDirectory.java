package io.continuo.verification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// One Maven module as the build left it.
///
/// @param path the directory that holds its `pom.xml`
record ModuleDirectory(Path path) {

  /// The modules of the project, in the order of their names.
  static List<ModuleDirectory> below(Path root) throws IOException {
    try (Stream<Path> children = Files.list(root)) {
      return children
          .filter(child -> Files.exists(child.resolve("pom.xml")))
          .sorted()
          .map(ModuleDirectory::new)
          .toList();
    }
  }

  /// The files of `target/<directory>` whose name begins and ends so; none when it does not exist.
  List<Path> built(String directory, String prefix, String suffix) throws IOException {
    Path built = path.resolve("target").resolve(directory);
    if (!Files.isDirectory(built)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(built)) {
      return files.filter(file -> named(file, prefix, suffix)).sorted().toList();
    }
  }

  /// Whether the test class still exists: what a class wrote that was since removed or renamed
  /// stays in `target` until the next `mvn clean`, and does not count.
  boolean hasTestClass(String className) {
    return Files.exists(
        path.resolve("target/test-classes").resolve(className.replace('.', '/') + ".class"));
  }

  private static boolean named(Path file, String prefix, String suffix) {
    String name = file.getFileName().toString();
    return name.startsWith(prefix) && name.endsWith(suffix);
  }
}
