package io.continuo.clients.doubles;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A CPIM message (RFC 3862): its headers, the headers of the part inside, and that part.
record Cpim(List<Header> headers, List<Header> partHeaders, String content) {
  private static final Pattern BLANK = Pattern.compile("\r?\n\r?\n");

  /// Both blank lines must be there: every one of these clients looks for them.
  static Cpim parse(String wire) {
    String[] blocks = BLANK.split(wire, 3);
    if (blocks.length < 3) {
      throw new AssertionError("not CPIM: a blank line is missing in\n" + wire);
    }
    return new Cpim(Header.parse(blocks[0]), Header.parse(blocks[1]), blocks[2]);
  }

  Optional<String> find(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  String header(String name) {
    return find(name).orElseThrow(() -> new AssertionError("no " + name + " in " + headers));
  }

  /// Of the part, without parameters, in lower case.
  String contentType() {
    return partHeaders.stream()
        .filter(header -> header.name().equalsIgnoreCase("Content-Type"))
        .map(header -> essence(header.value()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Content-Type in " + partHeaders));
  }

  /// The URI of From or To.
  String address(String name) {
    Matcher uri = Pattern.compile("<([^>]*)>").matcher(header(name));
    return uri.find() ? uri.group(1) : header(name);
  }

  static String essence(String contentType) {
    return contentType.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT);
  }
}
