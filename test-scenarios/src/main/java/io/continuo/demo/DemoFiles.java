package io.continuo.demo;

import io.continuo.device.sip.DigestAnswer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The configuration and the subscribers of the demonstration's server.
///
/// @param directory holds both files, and the server's data below `data`
/// @param ports where the server listens
record DemoFiles(Path directory, DemoPorts ports) {
  static final String DOMAIN = "continuo.test";

  /// Its subscribers; a password is the name followed by `-secret`.
  static final List<String> SUBSCRIBERS = List.of("alice", "bob", "carol");

  /// Writes both files.
  ///
  /// @return the configuration file
  Path write() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("subscribers.yaml"), subscribers());
    return Files.writeString(directory.resolve("continuo.yaml"), configuration());
  }

  private String configuration() {
    return """
    sip:
      domain: %s
      host: 127.0.0.1
      port: %d
    msrp:
      host: 127.0.0.1
      port: %d
      connect-to: ["127.0.0.0/8"]
    session:
      group-bye: ends-session
    storage:
      directory: "%s"
      subscribers-file: "%s"
    operations:
      port: %d
    """
        .formatted(
            DOMAIN,
            ports.sip(),
            ports.msrp(),
            directory.resolve("data").toAbsolutePath(),
            directory.resolve("subscribers.yaml").toAbsolutePath(),
            ports.operations());
  }

  private static String subscribers() {
    StringBuilder yaml = new StringBuilder("subscribers:\n");
    for (String name : SUBSCRIBERS) {
      String secret = name + ":" + DOMAIN + ":" + password(name);
      yaml.append("  - address: sip:%s@%s\n".formatted(name, DOMAIN))
          .append("    aliases: []\n")
          .append("    username: %s\n".formatted(name))
          .append("    ha1:\n")
          .append("      SHA-256: %s\n".formatted(DigestAnswer.hash("SHA-256", secret)))
          .append("      MD5: %s\n".formatted(DigestAnswer.hash("MD5", secret)));
    }
    return yaml.toString();
  }

  static String password(String subscriber) {
    return subscriber + "-secret";
  }

  static String address(String subscriber) {
    return "sip:" + subscriber + "@" + DOMAIN;
  }
}
