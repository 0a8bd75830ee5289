package io.continuo.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
    return stream(name).findFirst();
  }

  /// The values of every field of this name, one for each line; a line may hold a comma-separated
  /// list.
  public List<String> lines(String name) {
    return stream(name).toList();
  }

  /// The elements of all fields of this name, split at commas outside quotes and angle brackets
  /// (RFC 3261 §7.3.1).
  public List<String> elements(String name) {
    return stream(name).flatMap(line -> HeaderText.splitList(line).stream()).toList();
  }

  public boolean has(String name) {
    return stream(name).findAny().isPresent();
  }

  /// A copy with one more field at the end.
  public SipHeaders with(String name, String value) {
    List<SipHeader> more = new ArrayList<>(all);
    more.add(new SipHeader(name, value));
    return new SipHeaders(more);
  }

  private Stream<String> stream(String name) {
    return all.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(SipHeader::value);
  }
}
