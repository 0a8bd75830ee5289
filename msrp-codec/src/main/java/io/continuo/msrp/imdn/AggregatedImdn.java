package io.continuo.msrp.imdn;

import io.continuo.msrp.ContentType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Several notifications in one `multipart/mixed`, as a list server sends them when it has sent one
/// message to many (RFC 5438 §8.3; the multipart is that of RFC 2046 §5.1). Immutable; any thread.
///
/// Limit: [#MAX_NOTIFICATIONS] in one; more is malformed.
///
/// @param notifications in order, at least one
public record AggregatedImdn(List<Imdn> notifications) {
  /// What one of them may hold at most.
  public static final int MAX_NOTIFICATIONS = 1000;

  private static final String CRLF = "\r\n";
  private static final Pattern BOUNDARY =
      Pattern.compile(
          ";\\s*boundary\\s*=\\s*(?:\"([^\"\\r\\n]{1,70})\"|([^\\s;\"]{1,70}))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("^content-type\\s*:(.*)$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
  private static final Pattern BLANK_LINE = Pattern.compile("^\r?\n", Pattern.MULTILINE);

  /// @throws IllegalArgumentException when there is none, or more than [#MAX_NOTIFICATIONS]
  public AggregatedImdn {
    notifications = List.copyOf(notifications);
    if (notifications.isEmpty() || notifications.size() > MAX_NOTIFICATIONS) {
      throw new IllegalArgumentException(notifications.size() + " notifications");
    }
  }

  /// Whether a body of this type may be one: `multipart` with a boundary.
  public static boolean isAggregated(String contentType) {
    return ContentType.essence(contentType).startsWith("multipart/")
        && BOUNDARY.matcher(contentType).find();
  }

  /// Reads one. Parts that are no notifications are passed over; line ends may be CRLF or LF.
  ///
  /// @param contentType with its boundary
  public static AggregatedImdn parse(String contentType, byte[] body)
      throws MalformedImdnException {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.find()) {
      throw new MalformedImdnException("expected a boundary in " + contentType);
    }
    String name = Optional.ofNullable(boundary.group(1)).orElse(boundary.group(2));
    // As ISO 8859-1 each byte is one character, so the parts' bytes stay what they are.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    List<Imdn> found = new ArrayList<>();
    for (String part : parts(text, name)) {
      notification(part).ifPresent(found::add);
      if (found.size() > MAX_NOTIFICATIONS) {
        throw new MalformedImdnException("expected at most " + MAX_NOTIFICATIONS);
      }
    }
    if (found.isEmpty()) {
      throw new MalformedImdnException("expected a part " + ContentType.IMDN + ", found none");
    }
    return new AggregatedImdn(found);
  }

  /// What stands between the delimiter lines, the line end before each left out.
  private static List<String> parts(String text, String boundary) throws MalformedImdnException {
    Matcher delimiter =
        Pattern.compile(
                "(?:^|\r?\n)--" + Pattern.quote(boundary) + "(--)?[ \t]*(?=\r?\n|$(?![\r\n]))")
            .matcher(text);
    List<String> parts = new ArrayList<>();
    int from = -1;
    while (delimiter.find()) {
      if (from >= 0) {
        parts.add(text.substring(from, delimiter.start()));
      }
      from = delimiter.end();
      if (delimiter.group(1) != null) {
        return parts;
      }
    }
    throw new MalformedImdnException("expected the closing delimiter, found the end");
  }

  private static Optional<Imdn> notification(String part) throws MalformedImdnException {
    // A part begins with the line end of its delimiter line.
    String lines = part.startsWith("\r") ? part.substring(1) : part;
    lines = lines.startsWith("\n") ? lines.substring(1) : lines;
    Matcher blank = BLANK_LINE.matcher(lines);
    if (!blank.find()) {
      return Optional.empty();
    }
    Matcher type = CONTENT_TYPE.matcher(lines).region(0, blank.start());
    if (!type.find() || !Imdn.isImdn(type.group(1))) {
      return Optional.empty();
    }
    String document = lines.substring(blank.end());
    return Optional.of(Imdn.parse(document.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /// The type of [#toBytes] with the same boundary.
  public static String contentType(String boundary) {
    return "multipart/mixed;boundary=\"" + requireBoundary(boundary) + "\"";
  }

  /// The body, with CRLF.
  ///
  /// @param boundary letters, digits, `-`, `_`, `.`; at most 70
  /// @throws IllegalArgumentException when it is another one, or stands in a notification
  public byte[] toBytes(String boundary) {
    String delimiter = "--" + requireBoundary(boundary);
    var out = new ByteArrayOutputStream();
    for (Imdn each : notifications) {
      byte[] document = each.toXml();
      if (new String(document, StandardCharsets.UTF_8).contains(delimiter)) {
        throw new IllegalArgumentException("the boundary stands in a notification");
      }
      ascii(delimiter + CRLF + "Content-Type: " + ContentType.IMDN + CRLF, out);
      ascii("Content-Disposition: notification" + CRLF + CRLF, out);
      out.writeBytes(document);
      ascii(CRLF, out);
    }
    ascii(delimiter + "--" + CRLF, out);
    return out.toByteArray();
  }

  private static void ascii(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String requireBoundary(String boundary) {
    if (!boundary.matches("[A-Za-z0-9._-]{1,70}")) {
      throw new IllegalArgumentException("not a boundary: " + boundary);
    }
    return boundary;
  }
}
