package io.continuo.server.configuration;

import io.continuo.server.configuration.FlatYaml.Scalar;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes a [ServerConfiguration] of a file and overrides, and finds every error on the way. Used
/// once for one load.
final class ConfigurationReader {
  private static final String REALM = "auth.realm";
  private static final String DOMAIN = "sip.domain";
  private static final String SUBSCRIBERS = "storage.subscribers-file";

  private final Map<String, Scalar> values;
  private final Path directory;
  private final List<ConfigurationError> errors = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  /// @param directory relative paths start here
  ConfigurationReader(FlatYaml file, Map<String, String> overrides, Path directory) {
    this.values = new HashMap<>(file.values());
    this.directory = directory;
    errors.addAll(file.errors());
    overrides.forEach(this::override);
  }

  private void override(String key, String text) {
    values.keySet().removeIf(path -> settingOf(path).equals(key));
    values.put(key, new Scalar(text, 0));
  }

  /// @param source what to name in the exception
  ServerConfiguration read(String source) throws InvalidConfiguration {
    refuseUnknownKeys();
    List<Object> sections =
        Arrays.stream(ServerConfiguration.class.getRecordComponents())
            .flatMap(section -> section(section).stream())
            .toList();
    Optional<Object> whole =
        sections.size() == ServerConfiguration.class.getRecordComponents().length
            ? construct(ServerConfiguration.class, sections.toArray())
            : Optional.empty();
    if (whole.isEmpty() || !errors.isEmpty()) {
      throw new InvalidConfiguration(source, inTheOrderOfTheFile());
    }
    return (ServerConfiguration) whole.get();
  }

  private void refuseUnknownKeys() {
    List<String> known = Setting.all().stream().map(Setting::key).toList();
    values.keySet().stream()
        .map(ConfigurationReader::settingOf)
        .distinct()
        .filter(key -> !known.contains(key))
        .forEach(key -> error(key, whyUnknown(key, known)));
  }

  private static String whyUnknown(String key, List<String> known) {
    return known.stream()
        .filter(one -> one.startsWith(key + "."))
        .findFirst()
        .map(one -> "is a section and has no value itself; give keys like " + one)
        .orElseGet(() -> "is unknown" + NearestKey.hint(key, known));
  }

  /// What has no line (a system property, what follows from a default) comes last.
  private List<ConfigurationError> inTheOrderOfTheFile() {
    return errors.stream()
        .sorted(Comparator.comparingInt(error -> error.line().orElse(Integer.MAX_VALUE)))
        .toList();
  }

  private Optional<Object> section(RecordComponent section) {
    return construct(section.getType(), Setting.of(section).stream().map(this::value).toArray());
  }

  private Object value(Setting setting) {
    Optional<Object> said = items(setting).flatMap(items -> parse(setting, items));
    Object value = said.orElseGet(() -> defaultOf(setting));
    if (setting.isPathPairs() && value instanceof List<?> pairs) {
      return pairs.stream().map(pair -> resolved(pair.toString())).toList();
    }
    return value instanceof Path path && !path.toString().isEmpty()
        ? directory.resolve(path)
        : value;
  }

  private String resolved(String pair) {
    return Arrays.stream(pair.strip().split("\\s+"))
        .map(path -> directory.resolve(path).toString())
        .collect(Collectors.joining(" "));
  }

  private Optional<Object> parse(Setting setting, List<String> items) {
    Optional<Object> parsed;
    try {
      parsed = setting.parse(items);
    } catch (InvalidPathException noPath) {
      parsed = Optional.empty();
    }
    if (parsed.isEmpty()) {
      broken.add(setting.key());
      error(setting.key(), "'" + items.getFirst() + "' is not " + setting.expects());
    }
    return parsed;
  }

  private Object defaultOf(Setting setting) {
    return switch (setting.key()) {
      case REALM ->
          Optional.ofNullable(values.get(DOMAIN)).map(Scalar::text).orElse("continuo.test");
      case SUBSCRIBERS -> subscribersBesideTheFile();
      default -> setting.defaultValue();
    };
  }

  private Path subscribersBesideTheFile() {
    Path beside = Path.of("subscribers.yaml");
    return Files.exists(directory.resolve(beside)) ? beside : Path.of("");
  }

  /// What is said of a setting: one text for each element of a list.
  private Optional<List<String>> items(Setting setting) {
    Scalar one = values.get(setting.key());
    if (one != null) {
      return Optional.of(
          List.of(setting.isList() ? one.text().split(",") : new String[] {one.text()}));
    }
    List<String> elements =
        Stream.iterate(0, i -> i + 1)
            .map(i -> values.get(setting.key() + "[" + i + "]"))
            .takeWhile(Objects::nonNull)
            .map(Scalar::text)
            .toList();
    if (!elements.isEmpty() && !setting.isList()) {
      broken.add(setting.key());
      error(setting.key(), "a list is not " + setting.expects());
      return Optional.empty();
    }
    return elements.isEmpty() ? Optional.empty() : Optional.of(elements);
  }

  /// The record; empty when it refuses its values, which is then among the errors.
  private Optional<Object> construct(Class<?> type, Object[] arguments) {
    try {
      return Optional.of(type.getDeclaredConstructors()[0].newInstance(arguments));
    } catch (InvocationTargetException refused) {
      if (refused.getCause() instanceof InvalidSettings wrong) {
        wrong.errors().stream().filter(this::isOwnFault).forEach(this::keep);
        return Optional.empty();
      }
      throw new IllegalStateException(type.getName(), refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type.getName(), impossible);
    }
  }

  /// A value that could not be read stands as its default; what only follows from that is not told.
  private boolean isOwnFault(ConfigurationError error) {
    return broken.stream().noneMatch(key -> error.key().equals(key) || names(error, key));
  }

  private static boolean names(ConfigurationError error, String key) {
    return error.message().contains(key);
  }

  private void keep(ConfigurationError error) {
    errors.add(error.at(line(error.key())));
  }

  private void error(String key, String message) {
    errors.add(new ConfigurationError(key, line(key), message));
  }

  private OptionalInt line(String key) {
    return values.entrySet().stream()
        .filter(entry -> settingOf(entry.getKey()).equals(key) && entry.getValue().line() > 0)
        .mapToInt(entry -> entry.getValue().line())
        .min();
  }

  /// `msrp.connect-to[1]` belongs to `msrp.connect-to`.
  private static String settingOf(String path) {
    int bracket = path.indexOf('[');
    return bracket < 0 ? path : path.substring(0, bracket);
  }
}
