package io.continuo.server.configuration;

import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/// A YAML file as one flat list of scalars: `sip.port` → `5060` on line 3,
/// `subscribers[0].aliases[1]` → … . Nested and dotted keys come out the same. A key without a
/// value is not there.
///
/// @param values by path, in the order of the file
/// @param errors what could not be read
public record FlatYaml(Map<String, Scalar> values, List<ConfigurationError> errors) {
  /// Bytes of a file that is read; more is an error.
  private static final long MAX_FILE = 64L << 20;

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
    } catch (JacksonException broken) {
      // What was read before it may be half of something: only the fault itself is told.
      flattening.values.clear();
      int line = broken.getLocation() == null ? -1 : broken.getLocation().getLineNr();
      flattening.errors.add(
          new ConfigurationError(
              "",
              line > 0 ? OptionalInt.of(line) : OptionalInt.empty(),
              "is no YAML: " + firstLine(broken.getOriginalMessage())));
    }
    return new FlatYaml(flattening.values, flattening.errors);
  }

  private static FlatYaml failed(ConfigurationError error) {
    return new FlatYaml(Map.of(), List.of(error));
  }

  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
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
      if (token == JsonToken.START_OBJECT) {
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
