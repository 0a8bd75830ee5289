package io.continuo.msrp.cpim;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A header together with the bytes it was written with, so that writing it again changes nothing.
///
/// @param raw the whole line or lines, line end included; never written to
record Field(CpimHeader header, byte[] raw) {

  static Field of(String name, String value, String lineEnd) {
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("line end in the value of " + name);
    }
    byte[] raw = (name + ": " + value + lineEnd).getBytes(StandardCharsets.UTF_8);
    return new Field(new CpimHeader(name, value.strip()), raw);
  }

  boolean named(String name) {
    return header.name().equalsIgnoreCase(name);
  }

  /// The URI in angle brackets, or the whole value of a peer that writes none (RFC 3862 §3.1).
  Optional<String> uri() {
    String value = header.value();
    int open = value.lastIndexOf('<');
    int close = value.lastIndexOf('>');
    if (open >= 0 && close > open) {
      return Optional.of(value.substring(open + 1, close).strip());
    }
    return open < 0 && close < 0 && value.indexOf(':') > 0 ? Optional.of(value) : Optional.empty();
  }

  /// The same field with another URI; a display name stays.
  Field withUri(String uri, String lineEnd) {
    String value = header.value();
    int open = value.lastIndexOf('<');
    int close = value.lastIndexOf('>');
    boolean bracketed = open >= 0 && close > open;
    String replaced =
        bracketed ? value.substring(0, open + 1) + uri + value.substring(close) : "<" + uri + ">";
    return of(header.name(), replaced, lineEnd);
  }
}
