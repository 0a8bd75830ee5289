package io.continuo.scenarios.language;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// The server that a scenario plays against, as a black box. Its domain is [Subscribers#DOMAIN] and
/// it knows the subscribers of [Subscribers#NAMES] with their passwords.
public interface ServerUnderTest extends AutoCloseable {
  /// Where it takes SIP, over TCP and UDP. The same before and after a restart.
  InetSocketAddress sip();

  /// Ends it at once, as SIGKILL does; returns when it is gone.
  void kill();

  /// Starts it again on the same store and the same ports; returns when it is ready.
  void restart();

  /// What it has logged since it was started last.
  List<String> output();

  /// Stops it gracefully and removes what it stored.
  @Override
  void close();

  /// Starts servers. Found by [ServiceLoader], so a scenario does not know what it plays against.
  interface Factory {
    /// Starts a server on free ports and an empty store; returns when it is ready.
    ///
    /// @param settings configuration keys and values, beside the factory's own
    ServerUnderTest start(Map<String, String> settings);
  }

  /// Starts the one server there is a factory for.
  static ServerUnderTest start(Map<String, String> settings) {
    return ServiceLoader.load(Factory.class)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "no META-INF/services/" + Factory.class.getName() + " on the class path"))
        .start(settings);
  }
}
