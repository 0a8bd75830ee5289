package io.continuo.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a server of a test is started with: a directory of its own for data and configuration,
/// settings and subscribers. Its three ports are free ones ([ServerPorts]) unless a test names
/// them.
///
/// @param directory holds `continuo.yaml`, `subscribers.yaml` and `data`
/// @param settings by documented key, as in `auth.algorithms`; values are YAML
/// @param subscribers user names; the password of each is [#passwordOf]
public record ServerSetup(Path directory, Map<String, String> settings, Set<String> subscribers) {
  public static final String DOMAIN = "continuo.test";

  public ServerSetup {
    settings = Map.copyOf(settings);
    subscribers = Set.copyOf(subscribers);
  }

  /// A server on free ports of 127.0.0.1 that may connect to MSRP peers there.
  public static ServerSetup in(Path directory) throws IOException {
    return new ServerSetup(
        directory,
        Map.of(
            "sip.domain", DOMAIN,
            "sip.host", "127.0.0.1",
            "sip.port", String.valueOf(ServerPorts.free()),
            "msrp.host", "127.0.0.1",
            "msrp.port", String.valueOf(ServerPorts.free()),
            "msrp.connect-to", "['127.0.0.0/8']",
            "operations.port", String.valueOf(ServerPorts.free()),
            "storage.directory", quoted(directory.resolve("data")),
            "storage.subscribers-file", quoted(directory.resolve("subscribers.yaml"))),
        Set.of());
  }

  public ServerSetup with(String key, String yaml) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, yaml);
    return new ServerSetup(directory, more, subscribers);
  }

  public ServerSetup subscriber(String name) {
    Set<String> more = new LinkedHashSet<>(subscribers);
    more.add(name);
    return new ServerSetup(directory, settings, more);
  }

  /// The same ports again, as after a restart.
  public ServerSetup at(ServerAddresses addresses) {
    return with("sip.port", String.valueOf(addresses.sip().getPort()))
        .with("msrp.port", String.valueOf(addresses.msrp().getPort()))
        .with("operations.port", String.valueOf(addresses.operations().getPort()));
  }

  public static String passwordOf(String subscriber) {
    return subscriber + "-secret";
  }

  /// Writes both files and returns the configuration.
  public Path write() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("subscribers.yaml"), TestSubscribers.yaml(subscribers));
    return Files.writeString(directory.resolve("continuo.yaml"), yaml());
  }

  /// The settings with their keys nested: `sip.port` becomes `port` below `sip`.
  String yaml() {
    Map<String, Map<String, String>> groups = new TreeMap<>();
    settings.forEach((key, value) -> {
      int dot = key.indexOf('.');
      groups
          .computeIfAbsent(key.substring(0, dot), _ -> new TreeMap<>())
          .put(key.substring(dot + 1), value);
    });
    StringBuilder yaml = new StringBuilder();
    groups.forEach((group, values) -> {
      yaml.append(group).append(":\n");
      values.forEach((key, value) -> yaml.append("  %s: %s%n".formatted(key, value)));
    });
    return yaml.toString();
  }

  private static String quoted(Path path) {
    return "'" + path.toAbsolutePath() + "'";
  }
}
