package io.continuo.sip;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Header fields in their order on the wire. Names compare without case and are held in long form
/// (RFC 3261 §7.3.3).
public record SipHeaders(List<SipHeader> all) {
  public static final SipHeaders NONE = new SipHeaders(List.of());

  public SipHeaders {
    all = List.copyOf(all);
  }

  /// `of("From", "<sip:a@x>", "Subject", "hi")`.
  public static SipHeaders of(String... namesAndValues) {
    SipHeaders headers = NONE;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers = headers.with(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  /// The value of the first field of this name.
  public Optional<String> first(String name) {
    for (SipHeader header : all) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /// The values of every field of this name, one for each line; a line may hold a comma-separated
  /// list.
  public List<String> lines(String name) {
    List<String> lines = List.of();
    for (SipHeader header : all) {
      if (header.name().equalsIgnoreCase(name)) {
        lines = with(lines, header.value());
      }
    }
    return lines;
  }

  // Most names are those of one field or none: a message is asked for some thirty names.
  private static List<String> with(List<String> lines, String line) {
    return switch (lines.size()) {
      case 0 -> List.of(line);
      case 1 -> List.of(lines.getFirst(), line);
      default -> {
        List<String> more = new ArrayList<>(lines);
        more.add(line);
        yield Collections.unmodifiableList(more);
      }
    };
  }

  /// The elements of all fields of this name, split at commas outside quotes and angle brackets
  /// (RFC 3261 §7.3.1).
  public List<String> elements(String name) {
    List<String> lines = lines(name);
    if (lines.isEmpty()) {
      return lines;
    }
    List<String> elements = new ArrayList<>();
    lines.forEach(line -> elements.addAll(HeaderText.splitList(line)));
    return Collections.unmodifiableList(elements);
  }

  public boolean has(String name) {
    return first(name).isPresent();
  }

  /// A copy with one more field at the end.
  public SipHeaders with(String name, String value) {
    List<SipHeader> more = new ArrayList<>(all);
    more.add(new SipHeader(name, value));
    return new SipHeaders(more);
  }
}
