package io.continuo.device.sip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Small readings of SIP header values and URIs.
public final class SipText {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern HOST_PORT =
      Pattern.compile("(?i)sips?:(?:[^@>]*@)?(\\[[^]]+]|[^:;?>]+)(?::(\\d+))?.*");
  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(100, "Trying"),
          Map.entry(180, "Ringing"),
          Map.entry(200, "OK"),
          Map.entry(400, "Bad Request"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(480, "Temporarily Unavailable"),
          Map.entry(481, "Call/Transaction Does Not Exist"),
          Map.entry(486, "Busy Here"),
          Map.entry(487, "Request Terminated"),
          Map.entry(488, "Not Acceptable Here"),
          Map.entry(501, "Not Implemented"),
          Map.entry(603, "Decline"));

  private SipText() {}

  /// `bytes` random bytes as hex: tags, branches, Call-IDs, MSRP session ids.
  public static String random(int bytes) {
    byte[] value = new byte[bytes];
    RANDOM.nextBytes(value);
    return HexFormat.of().formatHex(value);
  }

  static String reason(int status) {
    return REASONS.getOrDefault(status, "Refused");
  }

  /// The URI of a name-addr or addr-spec header value (RFC 3261 §20.10).
  public static String uri(String value) {
    int open = value.indexOf('<');
    int close = value.indexOf('>', open + 1);
    if (open >= 0 && close > open) {
      return value.substring(open + 1, close);
    }
    int semicolon = value.indexOf(';');
    return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
  }

  /// A header parameter (behind the angle brackets), without quotes; a flag is empty text.
  public static Optional<String> parameter(String value, String name) {
    int close = value.indexOf('>');
    String tail = close >= 0 ? value.substring(close + 1) : value.substring(afterFirst(value));
    Matcher found =
        Pattern.compile(
                "(?i);\\s*"
                    + Pattern.quote(name)
                    + "(?:\\s*=\\s*(\"[^\"]*\"|[^;,\\s]*))?(?=[;,\\s]|$)")
            .matcher(tail);
    return found.find()
        ? Optional.of(Optional.ofNullable(found.group(1)).orElse("").replace("\"", ""))
        : Optional.empty();
  }

  private static int afterFirst(String value) {
    int semicolon = value.indexOf(';');
    return semicolon < 0 ? value.length() : semicolon;
  }

  /// Who a URI or header value names, for comparison: scheme, user and host without port,
  /// parameters (`gr` among them), brackets and case of the host.
  public static String addressOfRecord(String value) {
    String uri = uri(value);
    if (uri.toLowerCase(Locale.ROOT).startsWith("tel:")) {
      return uri.split(";")[0].replaceAll("[().-]", "");
    }
    int at = uri.indexOf('@');
    Matcher host = HOST_PORT.matcher(uri);
    if (!host.matches()) {
      return uri;
    }
    String user = at < 0 ? "" : uri.substring(uri.indexOf(':') + 1, at) + "@";
    return "sip:" + user + host.group(1).toLowerCase(Locale.ROOT);
  }

  /// The user part, or the whole when there is none: the short name of a ladder label.
  public static String user(String value) {
    String address = addressOfRecord(value);
    int at = address.indexOf('@');
    return at < 0 ? address : address.substring(address.indexOf(':') + 1, at);
  }

  /// An address as the host of a URI: IPv6 in brackets (RFC 3261 §19.1.1).
  public static String host(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }

  /// Where a URI with a numeric host points to; empty for a domain, which the device never looks
  /// up.
  static Optional<InetSocketAddress> numericAddress(String uri) {
    Matcher host = HOST_PORT.matcher(uri);
    if (!host.matches() || !host.group(1).matches("[0-9.]+|\\[.*]")) {
      return Optional.empty();
    }
    int port = host.group(2) == null ? 5060 : Integer.parseInt(host.group(2));
    return Optional.of(new InetSocketAddress(host.group(1), port));
  }
}
