package io.continuo.device.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A `message/cpim` (RFC 3862) with the headers of RFC 5438.
///
/// @param headers message headers in order, names as written
/// @param part the MIME part inside
public record Cpim(List<Mime.Field> headers, Mime part) {
  /// The content type.
  public static final String TYPE = "message/cpim";

  private static final String IMDN = "urn:ietf:params:imdn";

  public Cpim {
    headers = List.copyOf(headers);
  }

  /// A message that somebody wrote.
  ///
  /// @param dispositions asked for (RFC 5438 §6.2), as in `positive-delivery, display`; empty: none
  public static Cpim of(
      String from, String to, String messageId, String dispositions, Mime content) {
    List<Mime.Field> headers = new ArrayList<>();
    headers.add(new Mime.Field("From", "<" + from + ">"));
    headers.add(new Mime.Field("To", "<" + to + ">"));
    headers.add(
        new Mime.Field("DateTime", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString()));
    headers.add(new Mime.Field("NS", "imdn <" + IMDN + ">"));
    headers.add(new Mime.Field("imdn.Message-ID", messageId));
    if (!dispositions.isEmpty()) {
      headers.add(new Mime.Field("imdn.Disposition-Notification", dispositions));
    }
    return new Cpim(headers, content);
  }

  public byte[] bytes() {
    return Mime.join(new Mime(headers, new byte[0]).bytes(), part.bytes());
  }

  public static Cpim parse(byte[] bytes) {
    Mime outer = Mime.parse(bytes);
    return new Cpim(outer.headers(), Mime.parse(outer.content()));
  }

  public Optional<String> header(String name) {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Mime.Field::value)
        .findFirst();
  }

  /// A header of the IMDN namespace, under whatever prefix its NS header gave it.
  private Optional<String> imdn(String name) {
    return header(prefix() + "." + name).or(() -> header("imdn." + name));
  }

  private String prefix() {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase("NS") && field.value().contains(IMDN))
        .map(field -> field.value().substring(0, Math.max(0, field.value().indexOf('<'))).strip())
        .findFirst()
        .orElse("imdn");
  }

  public String from() {
    return header("From").orElse("");
  }

  public String to() {
    return header("To").orElse("");
  }

  /// `imdn.Message-ID`.
  public Optional<String> messageId() {
    return imdn("Message-ID");
  }

  /// Whether the sender asked to be told: `positive-delivery`, `display`, …
  public boolean asksFor(String disposition) {
    return imdn("Disposition-Notification").stream()
        .flatMap(value -> List.of(value.split("\\s*,\\s*")).stream())
        .anyMatch(value -> value.strip().equalsIgnoreCase(disposition));
  }

  /// The content as text.
  public String text() {
    return new String(part.content(), StandardCharsets.UTF_8);
  }
}
