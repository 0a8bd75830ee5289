package io.continuo.server.identity;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The public address of a subscriber (IMPU, RFC 3261 §6) in canonical form: `sip:user@host` with
/// the host in lower case, nothing escaped that need not be (RFC 3261 §19.1.4) and neither port,
/// parameters nor headers, or `tel:+digits` without visual separators (RFC 3966 §3).
///
/// Two addresses of one subscriber (a SIP URI and its tel URI, say) are two values; [Subscriber]
/// holds them together.
public record AddressOfRecord(String uri) implements Comparable<AddressOfRecord> {

  private static final String SCHEME = "sip:";
  private static final Pattern SIP =
      Pattern.compile(
          "(?i)sips?:(?:([^@;?>\\s]+|[0-9A-F*()%+.-]+;[^@?>\\s]+)@)?"
              + "(\\[[^\\]\\s]+]|[^:;?>\\s@]+)(?::\\d{1,5})?((?:[;?].*)?)");
  private static final Pattern TEL = Pattern.compile("(?i)tel:(\\+?[0-9A-Fa-f*#().-]+)(?:;.*)?");
  private static final Pattern PHONE = Pattern.compile("(?i)[^?]*;user=phone(?:[;?].*)?");
  private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9_.!~*'()-]");
  private static final Pattern SEPARATORS = Pattern.compile("[().-]");
  private static final Pattern NUMBER = Pattern.compile("\\+[0-9]+");

  /// Reads a URI as found in a header field, with or without angle brackets; `sips:` becomes
  /// `sip:`, and `sip:+1…@host;user=phone` stays a SIP URI, with the digits only. Empty when it is
  /// neither SIP nor tel, or a SIP URI without a host.
  public static Optional<AddressOfRecord> parse(String text) {
    String uri = withoutBrackets(text.strip());
    return isPlain(uri) ? Optional.of(new AddressOfRecord(uri)) : byPattern(uri);
  }

  /// Whether it is `sip:user@host` or `sip:host` in canonical form already, as most are: every
  /// message is asked for several addresses.
  private static boolean isPlain(String uri) {
    int at = uri.indexOf('@');
    boolean named = at > SCHEME.length() || at < 0;
    if (!named || uri.length() == Math.max(at + 1, SCHEME.length()) || !uri.startsWith(SCHEME)) {
      return false;
    }
    for (int i = SCHEME.length(); i < uri.length(); i++) {
      char c = uri.charAt(i);
      boolean ofBoth = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-';
      boolean ofUser = c >= 'A' && c <= 'Z' || c == '_' || c == '+';
      if (i != at && !ofBoth && !(ofUser && i < at)) {
        return false;
      }
    }
    return true;
  }

  static Optional<AddressOfRecord> byPattern(String uri) {
    Matcher tel = TEL.matcher(uri);
    if (tel.matches()) {
      return Optional.of(new AddressOfRecord("tel:" + withoutSeparators(tel.group(1))));
    }
    Matcher sip = SIP.matcher(uri);
    if (!sip.matches()) {
      return Optional.empty();
    }
    String host = sip.group(2).toLowerCase(Locale.ROOT);
    if (sip.group(1) == null) {
      return Optional.of(new AddressOfRecord("sip:" + host));
    }
    String user = unescaped(sip.group(1));
    boolean phone = PHONE.matcher(sip.group(3)).matches();
    return Optional.of(
        new AddressOfRecord("sip:" + (phone ? subscriberNumber(user) : user) + "@" + host));
  }

  /// As [#parse], for text that the caller knows to be an address (configuration, tests, our own
  /// store).
  ///
  /// @throws IllegalArgumentException when it is none
  public static AddressOfRecord of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a SIP or tel address: " + text));
  }

  /// The user part; empty for a SIP URI without one, and for a tel URI.
  public String user() {
    int at = uri.indexOf('@');
    return at < 0 || !uri.startsWith("sip:") ? "" : uri.substring("sip:".length(), at);
  }

  /// The host; empty for a tel URI.
  public String host() {
    return uri.startsWith("sip:")
        ? uri.substring(Math.max("sip:".length(), uri.indexOf('@') + 1))
        : "";
  }

  /// The global telephone number that it is made of, `+` and digits (RFC 3966 §3).
  public Optional<String> number() {
    String number = uri.startsWith("tel:") ? uri.substring("tel:".length()) : user();
    return Optional.of(number).filter(text -> NUMBER.matcher(text).matches());
  }

  /// RFC 3261 §19.1.4: a character that is not reserved equals its escape. `+` is reserved, but
  /// clients escape that of a telephone number.
  private static String unescaped(String user) {
    if (user.indexOf('%') < 0) {
      return user;
    }
    return ESCAPED
        .matcher(user.replaceFirst("^%2[Bb](?=[0-9])", "+"))
        .replaceAll(escape -> {
          String character = Character.toString(Integer.parseInt(escape.group(1), 16));
          return Matcher.quoteReplacement(
              UNRESERVED.matcher(character).matches()
                  ? character
                  : escape.group().toUpperCase(Locale.ROOT));
        });
  }

  /// The `telephone-subscriber` of a SIP URI (RFC 3261 §19.1.6) without its own parameters.
  private static String subscriberNumber(String user) {
    return withoutSeparators(user.split(";", 2)[0]);
  }

  private static String withoutSeparators(String number) {
    return SEPARATORS.matcher(number).replaceAll("");
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
