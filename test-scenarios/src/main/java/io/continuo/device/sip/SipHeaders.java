package io.continuo.device.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Header fields in wire order (RFC 3261 §7.3). Names are compared without case; compact forms are
/// read as their long names.
public record SipHeaders(List<Field> fields) {

  /// One header field line.
  public record Field(String name, String value) {}

  public static final SipHeaders NONE = new SipHeaders(List.of());

  private static final Map<String, String> COMPACT =
      Map.ofEntries(
          Map.entry("i", "Call-ID"),
          Map.entry("m", "Contact"),
          Map.entry("e", "Content-Encoding"),
          Map.entry("l", "Content-Length"),
          Map.entry("c", "Content-Type"),
          Map.entry("f", "From"),
          Map.entry("s", "Subject"),
          Map.entry("k", "Supported"),
          Map.entry("t", "To"),
          Map.entry("v", "Via"),
          Map.entry("o", "Event"),
          Map.entry("x", "Session-Expires"));

  public SipHeaders {
    fields = List.copyOf(fields);
  }

  /// The long name of a header field (RFC 3261 §7.3.3).
  static String longName(String name) {
    return COMPACT.getOrDefault(name.toLowerCase(Locale.ROOT), name);
  }

  /// Appends a field.
  public SipHeaders with(String name, String value) {
    List<Field> more = new ArrayList<>(fields);
    more.add(new Field(name, value));
    return new SipHeaders(more);
  }

  /// Appends the fields of `others`.
  public SipHeaders with(SipHeaders others) {
    List<Field> more = new ArrayList<>(fields);
    more.addAll(others.fields);
    return new SipHeaders(more);
  }

  /// Puts a field before all others.
  public SipHeaders withFirst(String name, String value) {
    List<Field> more = new ArrayList<>();
    more.add(new Field(name, value));
    more.addAll(fields);
    return new SipHeaders(more);
  }

  /// Without any field of that name.
  public SipHeaders without(String name) {
    return new SipHeaders(fields.stream().filter(f -> !f.name().equalsIgnoreCase(name)).toList());
  }

  /// The first field of that name.
  public Optional<String> first(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .map(Field::value)
        .findFirst();
  }

  /// The first field of that name; the peer broke the protocol when there is none.
  public String required(String name) {
    return first(name).orElseThrow(() -> new IllegalStateException("no " + name + " header"));
  }

  /// All elements of all fields of that name, in order: lists are split at commas outside quotes
  /// and angle brackets.
  public List<String> all(String name) {
    return fields.stream()
        .filter(f -> f.name().equalsIgnoreCase(name))
        .flatMap(f -> elements(f.value()).stream())
        .toList();
  }

  /// Whether a list-valued header (`Supported`, `Allow`) has this token.
  public boolean lists(String name, String token) {
    return all(name).stream().anyMatch(token::equalsIgnoreCase);
  }

  private static List<String> elements(String value) {
    List<String> elements = new ArrayList<>();
    boolean quoted = false;
    int depth = 0;
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '<') {
        depth++;
      } else if (!quoted && c == '>') {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        elements.add(value.substring(start, i).strip());
        start = i + 1;
      }
    }
    elements.add(value.substring(start).strip());
    return elements;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    fields.forEach(f -> text.append(f.name()).append(": ").append(f.value()).append("\r\n"));
    return text.toString();
  }
}
