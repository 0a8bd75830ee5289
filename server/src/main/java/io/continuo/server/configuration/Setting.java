package io.continuo.server.configuration;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One setting: its key, type and default, taken from the records.
///
/// @param key as in the file
/// @param section the component of [ServerConfiguration] that holds it
/// @param component of the section's record
record Setting(String key, RecordComponent section, RecordComponent component) {

  /// Every setting there is, in the order of the records.
  static List<Setting> all() {
    return Arrays.stream(ServerConfiguration.class.getRecordComponents())
        .flatMap(section -> of(section).stream())
        .toList();
  }

  static List<Setting> of(RecordComponent section) {
    return Arrays.stream(section.getType().getRecordComponents())
        .map(component -> new Setting(key(section, component), section, component))
        .toList();
  }

  private static String key(RecordComponent section, RecordComponent component) {
    Key own = component.getAnnotation(Key.class);
    return own == null ? section.getName() + "." + kebab(component.getName()) : own.value();
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  Object defaultValue() {
    return valueIn(ServerConfiguration.DEFAULT);
  }

  Object valueIn(ServerConfiguration configuration) {
    return read(component, read(section, configuration));
  }

  private static Object read(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException impossible) {
      throw new IllegalStateException(component.toString(), impossible);
    }
  }

  boolean isList() {
    return Collection.class.isAssignableFrom(component.getType());
  }

  /// Whether each element of the list is two paths.
  boolean isPathPairs() {
    return component.isAnnotationPresent(PathPairs.class);
  }

  /// Reads what the file says; empty when it is of another type.
  Optional<Object> parse(List<String> items) {
    Class<?> type = component.getType();
    if (isList()) {
      List<String> texts = items.stream().map(String::strip).filter(t -> !t.isEmpty()).toList();
      return Optional.of(type == Set.class ? new LinkedHashSet<>(texts) : texts);
    }
    return items.size() == 1 ? parse(type, items.getFirst().strip()) : Optional.empty();
  }

  private Optional<Object> parse(Class<?> type, String text) {
    if (type == String.class) {
      return Optional.of(text);
    } else if (type == Path.class) {
      return Optional.of(Path.of(text));
    } else if (type == Duration.class) {
      return Units.duration(text).map(Object.class::cast);
    } else if (type == boolean.class) {
      return text.matches("true|false") ? Optional.of(text.equals("true")) : Optional.empty();
    } else if (type.isEnum()) {
      return constants().filter(one -> name(one).equals(text)).findFirst();
    }
    return number(text).filter(n -> type == long.class || n == n.intValue()).map(n -> box(type, n));
  }

  private Optional<Long> number(String text) {
    boolean bytes = component.isAnnotationPresent(Bytes.class);
    return bytes || text.matches("[0-9_]+") ? Units.size(text) : Optional.empty();
  }

  private static Object box(Class<?> type, Long number) {
    return type == int.class ? (Object) number.intValue() : number;
  }

  /// What [#parse] expects, for the error.
  String expects() {
    Class<?> type = component.getType();
    if (type == Duration.class) {
      return "a duration such as 500ms, 2s, 5m, 1h or 30d";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type.isEnum()) {
      return "one of " + constants().map(Setting::name).collect(Collectors.joining(", "));
    } else if (component.isAnnotationPresent(Bytes.class)) {
      return "a size such as 2048, 64KiB or 1MiB";
    }
    return type == int.class || type == long.class ? "a whole number" : "one value";
  }

  /// A value as the file would say it.
  String text(Object value) {
    return switch (value) {
      case Duration duration -> Units.text(duration);
      case Enum<?> constant -> name(constant);
      case Collection<?> items ->
          items.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
      case Number number when component.isAnnotationPresent(Bytes.class) ->
          Units.text(number.longValue());
      case String text when text.isEmpty() -> "\"\"";
      default -> value.toString();
    };
  }

  private Stream<Object> constants() {
    return Arrays.stream(component.getType().getEnumConstants());
  }

  private static String name(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
