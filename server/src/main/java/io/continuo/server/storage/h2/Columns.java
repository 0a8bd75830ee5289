package io.continuo.server.storage.h2;

import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Lists and maps of texts in one column, as JSON.
final class Columns {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Columns() {}

  static String text(List<String> items) {
    return JSON.writeValueAsString(items);
  }

  static String text(Map<String, String> entries) {
    return JSON.writeValueAsString(entries);
  }

  static List<String> list(String column) {
    return JSON.readValue(column, new TypeReference<List<String>>() {});
  }

  static Map<String, String> map(String column) {
    return JSON.readValue(column, new TypeReference<Map<String, String>>() {});
  }
}
