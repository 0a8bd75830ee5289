package io.continuo.clients.doubles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client sends: the resource `<client>.txt`. A message begins with a line `=== title`, a
/// part that several messages share with `--- title`; `{=title}` stands for a part, `{name}` for a
/// value of the run. Lines end with CRLF on the wire; `\` at the end of one makes it a bare LF.
///
/// A double sends nothing that is not made from here, and [#titleOf] tells which message some bytes
/// are an instance of: so the file can neither lack nor keep anything.
public final class Transcript {
  private static final Pattern VALUE = Pattern.compile("\\{(=?)([^{}\n]+)}");
  private static final Pattern TITLE = Pattern.compile("(?m)^(===|---) (.+)\n");

  private final Map<String, String> messages = new LinkedHashMap<>();
  private final Map<String, String> parts = new LinkedHashMap<>();

  private static final Pattern LIKE = Pattern.compile("\\Alike (\\w+)\n");

  /// A file whose first line is `like other` holds what differs from that client's.
  ///
  /// @param client the name of its class, in lower case
  public static Transcript of(String client) {
    try (InputStream in = Transcript.class.getResourceAsStream(client + ".txt")) {
      if (in == null) {
        throw new IllegalArgumentException("no transcript of " + client);
      }
      return new Transcript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Transcript(String file) {
    Matcher like = LIKE.matcher(file);
    if (like.find()) {
      Transcript other = of(like.group(1));
      messages.putAll(other.messages);
      parts.putAll(other.parts);
    }
    Matcher title = TITLE.matcher(file);
    for (boolean more = title.find(); more; ) {
      Map<String, String> kind = title.group(1).equals("===") ? messages : parts;
      String name = title.group(2).strip();
      int from = title.end();
      more = title.find();
      kind.put(name, wire(file.substring(from, more ? title.start() : file.length())));
    }
  }

  private static String wire(String section) {
    String text = section.stripTrailing();
    return WireText.of(text).replace("\n", "\r\n").replace("\\\r\n", "\n");
  }

  public List<String> titles() {
    return List.copyOf(messages.keySet());
  }

  boolean has(String title) {
    return messages.containsKey(title);
  }

  /// This message with these values; what is left open by them, as `{length}`, stays as it is.
  String message(String title, Map<String, String> values) {
    return fill(text(messages, title), values);
  }

  String part(String title, Map<String, String> values) {
    return fill(text(parts, title), values);
  }

  private static String text(Map<String, String> kind, String title) {
    String text = kind.get(title);
    if (text == null) {
      throw new IllegalArgumentException("no '" + title + "' in the transcript: " + kind.keySet());
    }
    return text;
  }

  private String fill(String text, Map<String, String> values) {
    return VALUE.matcher(text).replaceAll(open -> Matcher.quoteReplacement(filled(open, values)));
  }

  private String filled(MatchResult open, Map<String, String> values) {
    String name = open.group(2);
    return open.group(1).isEmpty() ? values.getOrDefault(name, open.group()) : part(name, values);
  }

  /// Which message of the transcript these bytes are; the one with the most text of its own when
  /// they fit several.
  ///
  /// @throws AssertionError when they are none
  public String titleOf(byte[] bytes) {
    String wire = WireText.of(bytes);
    return messages.keySet().stream()
        .filter(title -> pattern(title).matcher(wire).matches())
        .max(Comparator.comparingInt(title -> expanded(title).length()))
        .orElseThrow(
            () -> new AssertionError("said, but not in the transcript:\n" + WireText.read(wire)));
  }

  private String expanded(String title) {
    return fill(text(messages, title), Map.of());
  }

  /// A `{text}` or `{body}` may have several lines, any other value is within one.
  private Pattern pattern(String title) {
    String text = expanded(title);
    StringBuilder pattern = new StringBuilder();
    Matcher open = VALUE.matcher(text);
    int from = 0;
    while (open.find()) {
      String name = open.group(2);
      pattern.append(Pattern.quote(text.substring(from, open.start())));
      pattern.append(name.equals("text") || name.equals("body") ? "(?s:.*)" : "[^\r\n]*");
      from = open.end();
    }
    return Pattern.compile(pattern + Pattern.quote(text.substring(from)) + "(?:\r\n)*");
  }
}
