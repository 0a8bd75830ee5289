package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.DeviceSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Bindings as rows of the table `binding`.
///
/// A refresh is by far the most frequent change, so it is one update of one row: `device_seen` is
/// written when a row begins to name a device and when it ceases to, and who asks it looks at the
/// rows of `binding` as well ([H2Devices]).
final class H2Bindings implements BindingStore {
  private static final String RENEW =
      """
      UPDATE binding SET contact = ?, parameters = ?, call_id = ?, cseq = ?, path = ?, since = ?,
        updated = ?, expires = ?
      WHERE subscriber = ? AND source = ? AND name = ? AND instance = ?
      """;
  private static final String INSERT =
      """
      INSERT INTO binding (contact, parameters, call_id, cseq, path, since, updated, expires,
        subscriber, source, name, instance)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String REMOVE =
      "DELETE FROM binding WHERE subscriber = ? AND source = ? AND name = ?";

  /// SQLSTATE classes of what is wrong with a value, not with the store (ISO/IEC 9075-2 §24.1):
  /// data exception, integrity constraint violation.
  private static final List<String> VALUE_FAULTS = List.of("22", "23");

  /// Characters that the columns take (`V1__…` of the migrations and those that follow).
  private static final int MAX_ADDRESS = 1_024;

  private static final int MAX_TEXT = 70_000;
  private static final int MAX_JSON = 1_000_000;

  /// What a character becomes in JSON at most.
  private static final int ESCAPED = 6;

  private final H2Database database;

  H2Bindings(H2Database database) {
    this.database = database;
  }

  @Override
  public List<Binding> load() throws StoreUnavailable {
    return database.read(handle ->
        handle
            .createQuery("SELECT * FROM binding ORDER BY since")
            .map((row, context) -> binding(row))
            .list());
  }

  @Override
  public void write(Collection<BindingChange> batch) throws StoreUnavailable, BindingRefused {
    try {
      database.changeBy(connection -> apply(connection, batch));
    } catch (SQLException failed) {
      if (VALUE_FAULTS.stream().anyMatch(String.valueOf(failed.getSQLState())::startsWith)) {
        throw new BindingRefused("a value cannot be stored: " + failed.getMessage(), failed);
      }
      throw new StoreUnavailable("the embedded store failed: " + failed.getMessage(), failed);
    }
  }

  /// Refuses what [#write] would refuse, without writing it.
  static void requireStorable(Collection<BindingChange> batch) throws BindingRefused {
    for (BindingChange change : batch) {
      switch (change) {
        case BindingChange.Put(Binding binding) -> requireStorable(binding);
        case BindingChange.Remove _ -> {
          // What is in no row needs no room.
        }
      }
    }
  }

  private static void requireStorable(Binding binding) throws BindingRefused {
    require("subscriber", binding.device().owner().uri(), MAX_ADDRESS);
    require("name", binding.name(), MAX_TEXT);
    require("instance", binding.device().instance(), MAX_TEXT);
    require("contact", binding.contact(), MAX_TEXT);
    require("call_id", binding.callId(), MAX_TEXT);
    int characters = 0;
    for (Map.Entry<String, String> parameter : binding.parameters().entrySet()) {
      characters += parameter.getKey().length() + parameter.getValue().length() + 2;
    }
    for (String proxy : binding.path()) {
      characters += proxy.length() + 2;
    }
    if (characters > MAX_JSON / ESCAPED) {
      require("parameters", Columns.text(binding.parameters()), MAX_JSON);
      require("path", Columns.text(binding.path()), MAX_JSON);
    }
  }

  private static void require(String column, String value, int most) throws BindingRefused {
    if (value.length() > most) {
      throw new BindingRefused("a value cannot be stored: " + column + " is too long");
    }
  }

  private static void apply(Connection connection, Collection<BindingChange> batch)
      throws SQLException {
    try (PreparedStatement renew = connection.prepareStatement(RENEW)) {
      for (BindingChange change : batch) {
        switch (change) {
          case BindingChange.Put(Binding binding) -> {
            if (execute(renew, binding) == 0) {
              add(connection, binding);
            }
          }
          case BindingChange.Remove(AddressOfRecord owner, DeviceSource source, String name) ->
              remove(connection, owner, source, name);
        }
      }
    }
  }

  /// A row that is not there, or names another device.
  private static void add(Connection connection, Binding binding) throws SQLException {
    remove(connection, binding.device().owner(), binding.source(), binding.name());
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      execute(insert, binding);
    }
    H2Devices.bound(connection, binding.device(), binding.expires());
  }

  private static void remove(
      Connection connection, AddressOfRecord owner, DeviceSource source, String name)
      throws SQLException {
    H2Devices.unbinding(connection, owner, source, name);
    try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
      remove.setString(1, owner.uri());
      remove.setString(2, source.name());
      remove.setString(3, name);
      remove.executeUpdate();
    }
  }

  /// The parameters of [#RENEW] and [#INSERT] come in the same order.
  private static int execute(PreparedStatement statement, Binding binding) throws SQLException {
    statement.setString(1, binding.contact());
    statement.setString(2, Columns.text(binding.parameters()));
    statement.setString(3, binding.callId());
    statement.setLong(4, binding.cseq());
    statement.setString(5, Columns.text(binding.path()));
    statement.setObject(6, Columns.utc(binding.since()));
    statement.setObject(7, Columns.utc(binding.updated()));
    statement.setObject(8, Columns.utc(binding.expires()));
    statement.setString(9, binding.device().owner().uri());
    statement.setString(10, binding.source().name());
    statement.setString(11, binding.name());
    statement.setString(12, binding.device().instance());
    return statement.executeUpdate();
  }

  private static Binding binding(ResultSet row) throws SQLException {
    return new Binding(
        new DeviceId(AddressOfRecord.of(row.getString("subscriber")), row.getString("instance")),
        DeviceSource.valueOf(row.getString("source")),
        row.getString("contact"),
        Columns.map(row.getString("parameters")),
        row.getString("call_id"),
        row.getLong("cseq"),
        Columns.list(row.getString("path")),
        Optional.empty(),
        instant(row, "since"),
        instant(row, "updated"),
        instant(row, "expires"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
