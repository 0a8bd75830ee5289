package io.continuo.server.configuration;

import java.util.OptionalInt;

/// One thing that is wrong with a configuration or subscribers file.
///
/// @param key the setting, as in the documentation; empty when the file itself is wrong
/// @param line in the file, from 1; empty when it has no line (a system property, a default)
/// @param message what is wrong, without the key
public record ConfigurationError(String key, OptionalInt line, String message) {
  static ConfigurationError of(String key, String message) {
    return new ConfigurationError(key, OptionalInt.empty(), message);
  }

  ConfigurationError at(OptionalInt where) {
    return line.isPresent() ? this : new ConfigurationError(key, where, message);
  }

  /// `line 7: sip.port: 70000 is not between 0 and 65535`
  @Override
  public String toString() {
    String where = line.isPresent() ? "line " + line.getAsInt() + ": " : "";
    return where + (key.isEmpty() ? "" : key + ": ") + message;
  }
}
