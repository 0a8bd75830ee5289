package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parts of a body (RFC 2046 §5.1, RFC 5621 §3): those of a `multipart/…`, or the body itself
/// as the only part.
record MultipartBody(List<Part> parts) {
  /// More parts than this are malformed.
  static final int MAX_PARTS = 16;

  private static final Pattern BOUNDARY =
      Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))");

  MultipartBody {
    parts = List.copyOf(parts);
  }

  /// One part.
  ///
  /// @param contentType as written, with parameters
  /// @param content without transfer encoding
  record Part(String contentType, byte[] content) {
    boolean is(String mediaType) {
      return MultipartBody.mediaType(contentType).equals(mediaType);
    }
  }

  /// Type and subtype in lower case, without parameters.
  static String mediaType(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /// Empty when it says multipart and is not.
  static Optional<MultipartBody> parse(String contentType, byte[] body) {
    if (!mediaType(contentType).startsWith("multipart/")) {
      return Optional.of(
          new MultipartBody(body.length == 0 ? List.of() : List.of(new Part(contentType, body))));
    }
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      return Optional.empty();
    }
    String name = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    // Latin-1 maps every byte to one character and back, so text search finds byte offsets.
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    return split(text, "\r\n--" + name).map(MultipartBody::new);
  }

  Optional<Part> first(String mediaType) {
    return parts.stream().filter(part -> part.is(mediaType)).findFirst();
  }

  private static Optional<List<Part>> split(String text, String delimiter) {
    List<Part> parts = new ArrayList<>();
    int at = text.indexOf(delimiter);
    while (at >= 0 && !text.startsWith("--", at + delimiter.length())) {
      int next = text.indexOf(delimiter, at + delimiter.length());
      int lineEnd = text.indexOf("\r\n", at + delimiter.length());
      if (next < 0 || lineEnd < 0 || lineEnd > next || parts.size() == MAX_PARTS) {
        return Optional.empty();
      }
      Optional<Part> part = part(text.substring(lineEnd, next));
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
      at = next;
    }
    return at < 0 || parts.isEmpty() ? Optional.empty() : Optional.of(parts);
  }

  /// @param text begins with the CRLF of the delimiter line
  private static Optional<Part> part(String text) {
    int blank = text.indexOf("\r\n\r\n");
    if (blank < 0) {
      return Optional.empty();
    }
    SipHeaders headers = HeaderLines.parse(text.substring(0, blank));
    byte[] content = text.substring(blank + 4).getBytes(StandardCharsets.ISO_8859_1);
    String type = headers.first("Content-Type").orElse("text/plain");
    String encoding = headers.first("Content-Transfer-Encoding").orElse("binary");
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "base64" -> base64(content).map(decoded -> new Part(type, decoded));
      case "quoted-printable" -> Optional.empty();
      default -> Optional.of(new Part(type, content));
    };
  }

  private static Optional<byte[]> base64(byte[] content) {
    try {
      return Optional.of(Base64.getMimeDecoder().decode(content));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
