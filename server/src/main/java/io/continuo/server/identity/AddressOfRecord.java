package io.continuo.server.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The public address of a subscriber (IMPU, RFC 3261 §6) in canonical form: `sip:user@host` with
/// the host in lower case and neither port, parameters nor headers, or `tel:+digits` without visual
/// separators (RFC 3966 §3).
///
/// Two addresses of one subscriber (a SIP URI and its tel URI, say) are two values; [Subscriber]
/// holds them together.
public record AddressOfRecord(String uri) implements Comparable<AddressOfRecord> {

  private static final Pattern SIP =
      Pattern.compile(
          "(?i)sips?:(?:([^@;?>\\s]+)@)?(\\[[^\\]\\s]+]|[^:;?>\\s@]+)(?::\\d{1,5})?(?:[;?].*)?");
  private static final Pattern TEL = Pattern.compile("(?i)tel:(\\+?[0-9A-Fa-f*#().-]+)(?:;.*)?");

  /// Reads a URI as found in a header field, with or without angle brackets; `sips:` becomes
  /// `sip:`, and `sip:+1…@host;user=phone` stays a SIP URI. Empty when it is neither SIP nor tel,
  /// or a SIP URI without a host.
  public static Optional<AddressOfRecord> parse(String text) {
    String uri = withoutBrackets(text.strip());
    Matcher tel = TEL.matcher(uri);
    if (tel.matches()) {
      return Optional.of(new AddressOfRecord("tel:" + tel.group(1).replaceAll("[().-]", "")));
    }
    Matcher sip = SIP.matcher(uri);
    if (!sip.matches()) {
      return Optional.empty();
    }
    String host = sip.group(2).toLowerCase(Locale.ROOT);
    return Optional.of(
        new AddressOfRecord(
            sip.group(1) == null ? "sip:" + host : "sip:" + sip.group(1) + "@" + host));
  }

  /// As [#parse], for text that the caller knows to be an address (configuration, tests, our own
  /// store).
  ///
  /// @throws IllegalArgumentException when it is none
  public static AddressOfRecord of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a SIP or tel address: " + text));
  }

  private static String withoutBrackets(String text) {
    int open = text.indexOf('<');
    int close = text.indexOf('>', open + 1);
    return open >= 0 && close > open ? text.substring(open + 1, close) : text;
  }

  @Override
  public int compareTo(AddressOfRecord other) {
    return uri.compareTo(other.uri);
  }

  @Override
  public String toString() {
    return uri;
  }
}
