package io.continuo.server.configuration;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// A YAML file as one flat list of scalars: `sip.port` → `5060` on line 3,
/// `subscribers[0].aliases[1]` → … . Nested and dotted keys come out the same. A key without a
/// value is not there.
///
/// @param values by path, in the order of the file
/// @param errors what could not be read
public record FlatYaml(Map<String, Scalar> values, List<ConfigurationError> errors) {
  /// Bytes of a file that is read; more is an error.
  private static final long MAX_FILE = 64L << 20;

  private static final Pattern PROBLEM =
      Pattern.compile("^(\\S.*)\\R +in .*, line (\\d{1,9}), column", Pattern.MULTILINE);

  /// A scalar as written.
  public record Scalar(String text, int line) {}

  public FlatYaml {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    errors = List.copyOf(errors);
  }

  /// Reads a file; that it cannot be read is one of the errors.
  public static FlatYaml read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE) {
        return failed(ConfigurationError.of("", "is larger than " + Units.text(MAX_FILE)));
      }
      return parse(Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException binary) {
      return failed(ConfigurationError.of("", "is not UTF-8 text"));
    } catch (NoSuchFileException missing) {
      return failed(ConfigurationError.of("", "there is no such file"));
    } catch (IOException unreadable) {
      return failed(ConfigurationError.of("", "cannot be read: " + unreadable.getMessage()));
    }
  }

  static FlatYaml parse(String text) {
    Flattening flattening = new Flattening();
    try (JsonParser parser = new YAMLFactory().createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_OBJECT) {
        flattening.object(parser, "");
      } else if (first != null && first != JsonToken.VALUE_NULL) {
        flattening.error("", parser, "keys and values are expected");
      }
      if (first == JsonToken.START_OBJECT && parser.nextToken() != null) {
        flattening.error("", parser, "a second document begins here; one is expected");
      }
    } catch (JacksonException broken) {
      // What was read before it may be half of something: only the fault itself is told.
      flattening.values.clear();
      flattening.errors.add(syntaxError(broken));
    }
    return new FlatYaml(flattening.values, flattening.errors);
  }

  /// The parser tells what it was doing and then, last, what it found and where.
  private static ConfigurationError syntaxError(JacksonException broken) {
    int line = broken.getLocation() == null ? -1 : broken.getLocation().getLineNr();
    OptionalInt where = line > 0 ? OptionalInt.of(line) : OptionalInt.empty();
    String message = String.valueOf(broken.getOriginalMessage());
    String found = message.lines().findFirst().orElse("");
    Matcher problem = PROBLEM.matcher(message);
    while (problem.find()) {
      found = problem.group(1);
      where = OptionalInt.of(Integer.parseInt(problem.group(2)));
    }
    return new ConfigurationError("", where, "is no YAML: " + found);
  }

  private static FlatYaml failed(ConfigurationError error) {
    return new FlatYaml(Map.of(), List.of(error));
  }

  private static final class Flattening {
    private final Map<String, Scalar> values = new LinkedHashMap<>();
    private final List<ConfigurationError> errors = new ArrayList<>();

    void object(JsonParser parser, String path) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = path.isEmpty() ? parser.currentName() : path + "." + parser.currentName();
        parser.nextToken();
        value(parser, key);
      }
    }

    private void array(JsonParser parser, String path) {
      int line = parser.currentTokenLocation().getLineNr();
      int index = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        value(parser, path + "[" + index++ + "]");
      }
      if (index == 0) {
        add(path, "", line, parser);
      }
    }

    private void value(JsonParser parser, String key) {
      JsonToken token = parser.currentToken();
      if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
        error(key, parser, "is an alias (*" + parser.getString() + "); write the value itself");
      } else if (token == JsonToken.START_OBJECT) {
        object(parser, key);
      } else if (token == JsonToken.START_ARRAY) {
        array(parser, key);
      } else if (token != JsonToken.VALUE_NULL) {
        add(key, parser.getString(), parser.currentTokenLocation().getLineNr(), parser);
      }
    }

    private void add(String key, String text, int line, JsonParser parser) {
      if (values.putIfAbsent(key, new Scalar(text, line)) != null) {
        error(key, parser, "is there twice");
      }
    }

    void error(String key, JsonParser parser, String message) {
      OptionalInt line = OptionalInt.of(parser.currentTokenLocation().getLineNr());
      errors.add(new ConfigurationError(key, line, message));
    }
  }
}
