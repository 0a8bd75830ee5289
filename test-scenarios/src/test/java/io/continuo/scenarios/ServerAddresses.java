package io.continuo.scenarios;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a started server listens, as its line `server.ready sip=… msrp=… operations=…` says.
///
/// @param sip UDP and TCP
/// @param line the whole of it
public record ServerAddresses(
    InetSocketAddress sip, InetSocketAddress msrp, InetSocketAddress operations, String line) {
  private static final String EVENT = "server.ready";

  /// Empty when it is another line.
  public static Optional<ServerAddresses> parse(String line) {
    return line.contains(EVENT)
        ? Optional.of(
            new ServerAddresses(
                value(line, "sip"), value(line, "msrp"), value(line, "operations"), line))
        : Optional.empty();
  }

  /// Another address that the line tells, as `sip-tls`.
  public InetSocketAddress named(String key) {
    return value(line, key);
  }

  private static InetSocketAddress value(String line, String key) {
    Matcher value =
        Pattern.compile("\\b" + key + "=\"?([0-9.]+|\\[[0-9a-f:]+]):(\\d+)").matcher(line);
    if (!value.find()) {
      throw new AssertionError("no address " + key + " in: " + line);
    }
    return new InetSocketAddress(value.group(1), Integer.parseInt(value.group(2)));
  }
}
