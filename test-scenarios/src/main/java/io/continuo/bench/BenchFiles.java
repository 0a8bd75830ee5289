package io.continuo.bench;

import io.continuo.device.sip.DigestAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The server's configuration, subscribers and data, in a temporary directory.
record BenchFiles(Path directory) implements AutoCloseable {
  static final String DOMAIN = "continuo.test";

  /// A subscriber and its digest user.
  record Subscriber(String name) {
    String address() {
      return "sip:" + name + "@" + DOMAIN;
    }

    String password() {
      return name + "-secret";
    }
  }

  static BenchFiles inTemporaryDirectory() throws IOException {
    return new BenchFiles(Files.createTempDirectory("continuo-bench"));
  }

  /// Two for each conversation.
  static List<Subscriber> subscribers(int conversations) {
    return IntStream.range(0, 2 * conversations)
        .mapToObj(index -> new Subscriber("user" + index))
        .toList();
  }

  /// Writes both files.
  ///
  /// @return the configuration file
  Path write(List<Subscriber> subscribers) throws IOException {
    Files.writeString(directory.resolve("subscribers.yaml"), yaml(subscribers));
    String configuration =
        """
        sip:
          domain: %s
          host: 127.0.0.1
          port: 0
        msrp:
          host: 127.0.0.1
          port: 0
          connect-to: ["127.0.0.0/8"]
        storage:
          directory: "%s"
          subscribers-file: "%s"
        operations:
          port: 0
        """
            .formatted(
                DOMAIN,
                directory.resolve("data").toAbsolutePath(),
                directory.resolve("subscribers.yaml").toAbsolutePath());
    return Files.writeString(directory.resolve("continuo.yaml"), configuration);
  }

  private static String yaml(List<Subscriber> subscribers) {
    StringBuilder yaml = new StringBuilder("subscribers:\n");
    for (Subscriber subscriber : subscribers) {
      String secret = subscriber.name() + ":" + DOMAIN + ":" + subscriber.password();
      yaml.append("  - address: %s\n".formatted(subscriber.address()))
          .append("    aliases: []\n")
          .append("    username: %s\n".formatted(subscriber.name()))
          .append("    ha1:\n")
          .append("      SHA-256: %s\n".formatted(DigestAnswer.hash("SHA-256", secret)))
          .append("      MD5: %s\n".formatted(DigestAnswer.hash("MD5", secret)));
    }
    return yaml.toString();
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
