package io.continuo.device.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A MIME part: header fields in order, an empty line, content bytes (RFC 2045).
public record Mime(List<Field> headers, byte[] content) {
  /// One header field.
  public record Field(String name, String value) {}

  public Mime {
    headers = List.copyOf(headers);
  }

  public static Mime of(String contentType, byte[] content) {
    return new Mime(List.of(new Field("Content-Type", contentType)), content);
  }

  public Optional<String> header(String name) {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  public String contentType() {
    return header("Content-Type").orElse("text/plain");
  }

  public byte[] bytes() {
    StringBuilder head = new StringBuilder();
    headers.forEach(f -> head.append(f.name()).append(": ").append(f.value()).append("\r\n"));
    return join(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8), content);
  }

  /// Reads header fields up to the first empty line; the rest is content.
  public static Mime parse(byte[] bytes) {
    if (bytes.length >= 2 && bytes[0] == '\r' && bytes[1] == '\n') {
      return new Mime(List.of(), Arrays.copyOfRange(bytes, 2, bytes.length));
    }
    int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
    int head = end < 0 ? bytes.length : end;
    List<Field> fields = new ArrayList<>();
    for (String line : new String(bytes, 0, head, StandardCharsets.UTF_8).split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.add(new Field(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
      }
    }
    return new Mime(
        fields, Arrays.copyOfRange(bytes, Math.min(head + 4, bytes.length), bytes.length));
  }

  static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  /// The parts joined as `multipart/mixed` (RFC 2046 §5.1).
  public static byte[] multipart(String boundary, List<Mime> parts) {
    byte[] all = new byte[0];
    for (Mime part : parts) {
      all = join(all, ("--" + boundary + "\r\n").getBytes(StandardCharsets.UTF_8));
      all = join(all, part.bytes());
      all = join(all, "\r\n".getBytes(StandardCharsets.UTF_8));
    }
    return join(all, ("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /// The parts of a body: those of a multipart, or the one body there is.
  public static List<Mime> parts(String contentType, byte[] body) {
    if (!contentType.toLowerCase(java.util.Locale.ROOT).startsWith("multipart/")) {
      return List.of(of(contentType, body));
    }
    String boundary = contentType.replaceAll("(?i).*boundary=\"?([^\";]+)\"?.*", "$1");
    String text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    List<Mime> parts = new ArrayList<>();
    String[] pieces = text.split(java.util.regex.Pattern.quote("\r\n--" + boundary), -1);
    for (int i = 1; i < pieces.length && !pieces[i].startsWith("--"); i++) {
      String part = pieces[i].substring(pieces[i].indexOf("\r\n") + 2);
      parts.add(parse(part.getBytes(StandardCharsets.ISO_8859_1)));
    }
    return parts;
  }
}
