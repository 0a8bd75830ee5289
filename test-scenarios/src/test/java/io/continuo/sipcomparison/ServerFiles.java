package io.continuo.sipcomparison;

import io.continuo.device.sip.DigestAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What the whole server needs to take part: its configuration, subscribers and store, in a
/// temporary directory.
record ServerFiles(Path directory) implements AutoCloseable {
  static ServerFiles inTemporaryDirectory() throws IOException {
    return new ServerFiles(Files.createTempDirectory("continuo-sip-comparison"));
  }

  /// Writes all.
  ///
  /// @return the configuration file
  Path write(List<String> users) throws IOException {
    StringBuilder subscribers = new StringBuilder("subscribers:\n");
    users.forEach(user -> subscribers.append(subscriber(user)));
    Files.writeString(directory.resolve("subscribers.yaml"), subscribers);
    return Files.writeString(
        directory.resolve("continuo.yaml"),
        """
        sip:
          domain: %s
          host: 127.0.0.1
          port: 0
        auth:
          trust-flow: all
        msrp:
          host: 127.0.0.1
          port: 0
        storage:
          directory: "%s"
          subscribers-file: "%s"
        operations:
          port: 0
        """
            .formatted(
                Messages.DOMAIN,
                directory.resolve("data").toAbsolutePath(),
                directory.resolve("subscribers.yaml").toAbsolutePath()));
  }

  private static String subscriber(String user) {
    String secret = user + ":" + Messages.DOMAIN + ":" + Credentials.password(user);
    return """
      - address: sip:%s@%s
        aliases: []
        username: %s
        ha1:
          SHA-256: %s
          MD5: %s
    """
        .formatted(
            user,
            Messages.DOMAIN,
            user,
            DigestAnswer.hash("SHA-256", secret),
            DigestAnswer.hash("MD5", secret));
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
