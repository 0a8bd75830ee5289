package io.continuo.msrp.cpim;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One header where it stands in the bytes of its message, so that writing it again changes
/// nothing. It becomes text only when somebody asks: of most headers of most messages nobody does.
///
/// Immutable; any thread. (Two threads may both make the same text of it.)
final class Field {
  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
  private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final int nameFrom;
  private final int nameTo;
  private final int colon;
  private @Nullable CpimHeader header;

  private Field(byte[] bytes, int from, int to, int nameFrom, int nameTo, int colon) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.nameFrom = nameFrom;
    this.nameTo = nameTo;
    this.colon = colon;
  }

  /// Reads the header in `bytes` from `from` to `to`, line end included.
  ///
  /// @param bytes kept, never written to
  static Field read(byte[] bytes, int from, int to) throws MalformedCpimException {
    for (int i = from; i < to - 1; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] != '\n') {
        throw new MalformedCpimException(
            "offset " + i + ": expected a line feed behind a carriage return");
      }
    }
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    int nameFrom = from;
    while (nameFrom < colon && isSpace(bytes[nameFrom])) {
      nameFrom++;
    }
    int nameTo = colon;
    while (nameTo > nameFrom && isSpace(bytes[nameTo - 1])) {
      nameTo--;
    }
    if (colon == to || nameFrom == nameTo || hasSpaceOrControl(bytes, nameFrom, nameTo)) {
      throw new MalformedCpimException("offset " + from + ": expected a header `name: value`");
    }
    return new Field(bytes, from, to, nameFrom, nameTo, colon);
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private static boolean hasSpaceOrControl(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 0 && bytes[i] <= ' ') {
        return true;
      }
    }
    return false;
  }

  /// Whether a header may be called so: neither space, control character nor colon (RFC 3862 §4).
  static boolean isName(String text) {
    return !text.isEmpty() && text.chars().noneMatch(c -> c <= ' ' || c == ':' || c == 0x7f);
  }

  /// A header of our own; the errors are the caller's.
  static Field of(String name, String value, String lineEnd) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a header: " + name);
    }
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("line end in the value of " + name);
    }
    byte[] raw = (name + ": " + value + lineEnd).getBytes(StandardCharsets.UTF_8);
    int colon = name.getBytes(StandardCharsets.UTF_8).length;
    return new Field(raw, 0, raw.length, 0, colon, colon);
  }

  /// As text, folded lines joined.
  CpimHeader header() {
    CpimHeader known = header;
    if (known == null) {
      String name = new String(bytes, nameFrom, nameTo - nameFrom, StandardCharsets.UTF_8);
      String value = new String(bytes, colon + 1, to - colon - 1, StandardCharsets.UTF_8).strip();
      known = new CpimHeader(name, value.indexOf('\n') < 0 ? value : unfolded(value));
      header = known;
    }
    return known;
  }

  private static String unfolded(String value) {
    return FOLD.matcher(value).replaceAll(" ");
  }

  /// Whether it has this name, whatever the case.
  boolean named(String name) {
    return nameTo - nameFrom == name.length() && standsAt(nameFrom, name);
  }

  private boolean standsAt(int at, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (lower(bytes[at + i]) != lower(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /// The prefix, in lower case, of a header with this name in some namespace (RFC 3862 §3.4); empty
  /// when it has another name, or no prefix.
  Optional<String> prefixBefore(String name) {
    int dot = nameTo - name.length() - 1;
    if (dot <= nameFrom || bytes[dot] != '.' || !standsAt(dot + 1, name)) {
      return Optional.empty();
    }
    String prefix = new String(bytes, nameFrom, dot - nameFrom, StandardCharsets.UTF_8);
    return Optional.of(prefix.toLowerCase(Locale.ROOT));
  }

  private static int lower(int character) {
    return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
  }

  /// Bytes that it takes, line end included.
  int size() {
    return to - from;
  }

  /// Copies it as it stands; returns the place behind it.
  int copyTo(byte[] target, int at) {
    System.arraycopy(bytes, from, target, at, to - from);
    return at + to - from;
  }

  /// The URI in angle brackets, or the whole value of a peer that writes none (RFC 3862 §4.1).
  Optional<String> uri() {
    String value = header().value();
    int open = value.lastIndexOf('<');
    int close = value.lastIndexOf('>');
    if (open >= 0 && close > open) {
      return Optional.of(value.substring(open + 1, close).strip());
    }
    return open < 0 && close < 0 && value.indexOf(':') > 0 ? Optional.of(value) : Optional.empty();
  }

  /// The same, unless it shows another address beside it: brackets that no quotation marks enclose.
  Optional<String> unambiguousUri() {
    String bare = QUOTED.matcher(header().value()).replaceAll("");
    return bare.indexOf('<') == bare.lastIndexOf('<') ? uri() : Optional.empty();
  }

  /// The same field with another URI; a display name stays.
  Field withUri(String uri, String lineEnd) {
    String value = header().value();
    int open = value.lastIndexOf('<');
    int close = value.lastIndexOf('>');
    boolean bracketed = open >= 0 && close > open;
    String replaced =
        bracketed ? value.substring(0, open + 1) + uri + value.substring(close) : "<" + uri + ">";
    return of(header().name(), replaced, lineEnd);
  }
}
