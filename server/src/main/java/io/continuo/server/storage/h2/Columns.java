package io.continuo.server.storage.h2;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What one column holds: lists and maps of texts as JSON, points of time in UTC.
final class Columns {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Columns() {}

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

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
