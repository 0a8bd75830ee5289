package io.continuo.distribution;

import io.continuo.distribution.UnpackedDistribution.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Dockerfile, run without a container engine: its lines are a script in a directory that stands
/// for `/`, told to the scripts as CONTINUO_PREFIX. Only the instructions our images use are known;
/// any other is an error.
final class Dockerfile {
  private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Path context;
  private final Path root;
  private Path workingDirectory;
  private String user = "root";
  private List<String> entrypoint = List.of();
  private List<String> command = List.of();

  private Dockerfile(Path context, Path root) {
    this.context = context;
    this.root = root;
    this.workingDirectory = root;
  }

  /// Builds: carries out every COPY and RUN.
  static Dockerfile build(Path file, Path context, Path root) throws IOException {
    Dockerfile image = new Dockerfile(context, root);
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int space = line.indexOf(' ');
        image.carryOut(line.substring(0, space), line.substring(space + 1).strip());
      }
    }
    return image;
  }

  private void carryOut(String instruction, String arguments) throws IOException {
    switch (instruction) {
      case "FROM", "EXPOSE" -> {}
      case "WORKDIR" ->
          workingDirectory = Files.createDirectories(root.resolve(arguments.substring(1)));
      case "COPY" -> copy(List.of(arguments.split(" +")));
      case "RUN" -> {
        Outcome outcome = run(List.of("sh", "-c", arguments), Map.of());
        if (outcome.status() != 0) {
          throw new AssertionError("RUN " + arguments + " failed:\n" + outcome.output());
        }
      }
      case "USER" -> user = arguments;
      case "ENTRYPOINT" -> entrypoint = words(arguments);
      case "CMD" -> command = words(arguments);
      default -> throw new AssertionError("an instruction this test does not know: " + instruction);
    }
  }

  /// Sources may end in a directory, whose content is copied, or hold `*` in the last part.
  private void copy(List<String> words) throws IOException {
    Path target = workingDirectory.resolve(words.getLast()).normalize();
    Files.createDirectories(target);
    for (String source : words.subList(0, words.size() - 1)) {
      Path path = context.resolve(source);
      int copied = 0;
      try (DirectoryStream<Path> found =
          Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
        for (Path each : found) {
          copyTree(each, Files.isDirectory(each) ? target : target.resolve(each.getFileName()));
          copied++;
        }
      }
      if (copied == 0) {
        throw new AssertionError("COPY: there is no " + source);
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> {
            try {
              Path target = to.resolve(from.relativize(file).toString());
              Files.createDirectories(target.getParent());
              Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /// `docker run <image> <arguments>`; without arguments what CMD says.
  Outcome start(Map<String, String> environment, String... arguments) throws IOException {
    return run(line(arguments), environment);
  }

  /// The same, to be started by the caller.
  ProcessBuilder process(Map<String, String> environment, String... arguments) {
    return builder(line(arguments), environment);
  }

  List<String> command() {
    return command;
  }

  /// Whom a container runs as; here everything runs as whoever runs the test.
  String user() {
    return user;
  }

  Path workingDirectory() {
    return workingDirectory;
  }

  private List<String> line(String... arguments) {
    List<String> line = new ArrayList<>(entrypoint);
    line.addAll(arguments.length == 0 ? command : List.of(arguments));
    return line;
  }

  private Outcome run(List<String> line, Map<String, String> environment) throws IOException {
    return UnpackedDistribution.end(builder(line, environment));
  }

  private ProcessBuilder builder(List<String> line, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(line).directory(workingDirectory.toFile());
    builder.environment().put("CONTINUO_PREFIX", root.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TERM", "dumb");
    builder.environment().putAll(environment);
    return builder;
  }

  private static List<String> words(String json) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(json);
    while (word.find()) {
      words.add(word.group(1));
    }
    return List.copyOf(words);
  }
}
