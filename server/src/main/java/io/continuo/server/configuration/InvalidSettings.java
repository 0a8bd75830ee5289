package io.continuo.server.configuration;

import java.util.List;

/// Settings out of their range: what the records throw, with all errors of one record.
final class InvalidSettings extends IllegalArgumentException {
  private final List<ConfigurationError> errors;

  InvalidSettings(List<ConfigurationError> errors) {
    super(errors.toString());
    this.errors = List.copyOf(errors);
  }

  List<ConfigurationError> errors() {
    return errors;
  }
}
