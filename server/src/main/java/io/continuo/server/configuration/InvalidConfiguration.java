package io.continuo.server.configuration;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with everything that is wrong with it.
public final class InvalidConfiguration extends Exception {
  private final String source;
  private final List<ConfigurationError> errors;

  /// @param source the file, or what else it came from
  public InvalidConfiguration(String source, List<ConfigurationError> errors) {
    super(
        source
            + errors.stream()
                .map(error -> System.lineSeparator() + "  " + error)
                .collect(Collectors.joining()));
    this.source = source;
    this.errors = List.copyOf(errors);
  }

  public String source() {
    return source;
  }

  public List<ConfigurationError> errors() {
    return errors;
  }
}
