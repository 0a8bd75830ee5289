package io.continuo.server.telemetry;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/// The ` key=value` pairs of a log line, for `logback.xml`, which calls it `%pairs`. A value that
/// is not one plain word is quoted, so that a program can take the line apart and nothing that a
/// peer sent can end it.
///
/// Threading: whoever logs.
public final class KeyValues extends ClassicConverter {
  private static final Pattern PLAIN = Pattern.compile("[^\\s\"=\\p{Cntrl}]+");

  @Override
  public String convert(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    if (pairs == null) {
      return "";
    }
    StringBuilder line = new StringBuilder();
    for (KeyValuePair pair : pairs) {
      line.append(' ').append(pair.key).append('=');
      value(String.valueOf(pair.value), line);
    }
    return line.toString();
  }

  private static void value(String text, StringBuilder line) {
    if (PLAIN.matcher(text).matches()) {
      line.append(text);
      return;
    }
    line.append('"');
    text.chars().forEach(c -> character((char) c, line));
    line.append('"');
  }

  private static void character(char c, StringBuilder line) {
    switch (c) {
      case '"', '\\' -> line.append('\\').append(c);
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> line.append(Character.isISOControl(c) ? '?' : c);
    }
  }
}
