package io.continuo.msrp;

import java.util.Locale;

/// Comparing media types as Content-Type and `accept-types` write them (RFC 2045 §5.1).
public final class ContentType {
  /// A message with its own headers (RFC 3862).
  public static final String CPIM = "message/cpim";

  /// A disposition notification (RFC 5438).
  public static final String IMDN = "message/imdn+xml";

  /// Somebody is typing (RFC 3994).
  public static final String IS_COMPOSING = "application/im-iscomposing+xml";

  /// Text without markup (RFC 2046 §4.1.3).
  public static final String TEXT_PLAIN = "text/plain";

  private ContentType() {}

  /// Type and subtype in lower case, without parameters.
  public static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    String essence = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return essence.strip().toLowerCase(Locale.ROOT);
  }

  /// Whether both name the same type, parameters ignored.
  public static boolean same(String one, String other) {
    return essence(one).equals(essence(other));
  }
}
