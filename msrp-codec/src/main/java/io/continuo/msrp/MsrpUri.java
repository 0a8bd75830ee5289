package io.continuo.msrp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// An MSRP URI (RFC 4975 §6). Immutable; written as it was read, compared as §6.1 says: scheme,
/// host and transport without regard to case, port and session id exactly, user and other
/// parameters not at all.
public final class MsrpUri {
  private static final int MAX_PORT = 65535;

  private final String text;
  private final byte[] bytes;
  private final boolean secure;
  private final String host;
  private final OptionalInt port;
  private final Optional<String> sessionId;
  private final String transport;

  private MsrpUri(
      String text,
      boolean secure,
      String host,
      OptionalInt port,
      Optional<String> sessionId,
      String transport) {
    this.text = text;
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.sessionId = sessionId;
    this.transport = transport;
  }

  /// `msrp://host:port/session-id;tcp`.
  ///
  /// @param host a name, an IPv4 address, or an IPv6 address without brackets
  public static MsrpUri of(String host, int port, String sessionId) {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String text = "msrp://" + bracketed + ":" + port + "/" + sessionId + ";tcp";
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not an MSRP URI: " + text));
  }

  /// Reads a URI; empty when the text is none.
  public static Optional<MsrpUri> parse(String text) {
    int scheme = text.indexOf("://");
    if (scheme < 0 || hasSpaceOrControl(text)) {
      return Optional.empty();
    }
    String name = text.substring(0, scheme);
    boolean secure = name.equalsIgnoreCase("msrps");
    int semicolon = text.indexOf(';', scheme);
    if (semicolon < 0 || !(secure || name.equalsIgnoreCase("msrp"))) {
      return Optional.empty();
    }
    String transport = transport(text, semicolon);
    int slash = text.indexOf('/', scheme + 3);
    boolean hasSession = slash >= 0 && slash < semicolon;
    String authority = text.substring(scheme + 3, hasSession ? slash : semicolon);
    Optional<String> session =
        hasSession ? Optional.of(text.substring(slash + 1, semicolon)) : Optional.empty();
    if (transport.isEmpty() || session.filter(String::isEmpty).isPresent()) {
      return Optional.empty();
    }
    return withAuthority(text, secure, authority, session, transport);
  }

  private static boolean hasSpaceOrControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7f) {
        return true;
      }
    }
    return false;
  }

  private static boolean isNumber(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String transport(String text, int semicolon) {
    int next = text.indexOf(';', semicolon + 1);
    return text.substring(semicolon + 1, next < 0 ? text.length() : next).toLowerCase(Locale.ROOT);
  }

  private static Optional<MsrpUri> withAuthority(
      String text, boolean secure, String authority, Optional<String> session, String transport) {
    String hostPort = authority.substring(authority.indexOf('@') + 1);
    int hostEnd = hostPort.startsWith("[") ? hostPort.indexOf(']') + 1 : hostPort.indexOf(':');
    if (hostEnd == 0) {
      return Optional.empty();
    }
    String host = hostEnd < 0 ? hostPort : hostPort.substring(0, hostEnd);
    String rest = hostEnd < 0 ? "" : hostPort.substring(hostEnd);
    OptionalInt port = port(rest);
    if (host.isEmpty() || host.equals("[]") || (!rest.isEmpty() && port.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(new MsrpUri(text, secure, unbracketed(host), port, session, transport));
  }

  private static OptionalInt port(String rest) {
    boolean number =
        rest.length() >= 2 && rest.length() <= 6 && rest.charAt(0) == ':' && isNumber(rest, 1);
    int port = number ? Integer.parseInt(rest.substring(1)) : -1;
    return number && port <= MAX_PORT ? OptionalInt.of(port) : OptionalInt.empty();
  }

  private static String unbracketed(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
  }

  /// Whether the scheme is `msrps`.
  public boolean secure() {
    return secure;
  }

  /// In lower case; an IPv6 address without brackets.
  public String host() {
    return host;
  }

  /// Empty when the URI names none.
  public OptionalInt port() {
    return port;
  }

  /// Compared exactly; empty in the URI of a relay or a domain.
  public Optional<String> sessionId() {
    return sessionId;
  }

  /// In lower case: `tcp`, `ws`.
  public String transport() {
    return transport;
  }

  /// Bytes that it takes on the wire.
  public int size() {
    return bytes.length;
  }

  /// Copies it as it stands on the wire; returns the place behind it.
  public int copyTo(byte[] target, int at) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
    return at + bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MsrpUri that
        && secure == that.secure
        && host.equals(that.host)
        && port.equals(that.port)
        && sessionId.equals(that.sessionId)
        && transport.equals(that.transport);
  }

  @Override
  public int hashCode() {
    return Objects.hash(host, port, sessionId);
  }

  /// As it was read.
  @Override
  public String toString() {
    return text;
  }
}
