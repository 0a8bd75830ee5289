package io.continuo.server.configuration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/// Collects what is wrong with the values of one record, so that all of it is told at once.
final class Check {
  private static final String IPV4 =
      "((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  private static final String IPV6 = "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*";

  private final List<ConfigurationError> errors = new ArrayList<>();

  Check port(String key, int port) {
    return between(key, port, 0, 65_535);
  }

  Check between(String key, long value, long least, long most) {
    return that(
        key, value >= least && value <= most, value + " is not between " + least + " and " + most);
  }

  Check between(String key, Duration value, Duration least, Duration most) {
    return that(
        key,
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        Units.text(value) + " is not between " + Units.text(least) + " and " + Units.text(most));
  }

  Check notBlank(String key, String value) {
    return that(key, !value.isBlank(), "is empty");
  }

  /// An address that is also told to peers: one that stands for "any" would send them nowhere.
  Check ownHost(String key, String host) {
    boolean numeric = host.matches("[0-9.]+") || host.contains(":");
    return that(key, !host.isBlank(), "is empty")
        .that(key, !numeric || isAddress(host), "'" + host + "' is not an IP address")
        .that(
            key,
            !host.matches("0[0.]*|[0:]*::[0:]*"),
            "'" + host + "' cannot be told to peers; give one address of this host");
  }

  Check matches(String key, String value, String pattern, String what) {
    return that(key, value.matches(pattern), "'" + value + "' is not " + what);
  }

  Check each(String key, Collection<String> values, Predicate<String> good, String what) {
    values.stream()
        .filter(good.negate())
        .sorted()
        .forEach(bad -> that(key, false, "'" + bad + "' is not " + what));
    return this;
  }

  Check that(String key, boolean good, String otherwise) {
    if (!good) {
      errors.add(ConfigurationError.of(key, otherwise));
    }
    return this;
  }

  /// Throws all of it.
  void done() {
    if (!errors.isEmpty()) {
      throw new InvalidSettings(errors);
    }
  }

  static boolean isAddress(String text) {
    return text.matches(IPV4) || text.matches(IPV6);
  }

  /// `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1`, `[2001:db8::1]:53`.
  static boolean isServer(String text) {
    String address = text.replaceFirst("^\\[(.*)](:\\d{1,5})?$", "$1");
    boolean ported = address.equals(text) && text.matches("[^:]*:\\d{1,5}");
    return isAddress(ported ? text.substring(0, text.indexOf(':')) : address);
  }

  static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isAddress(text);
    }
    String address = text.substring(0, slash);
    String bits = text.substring(slash + 1);
    int most = address.contains(":") ? 128 : 32;
    return isAddress(address) && bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= most;
  }
}
