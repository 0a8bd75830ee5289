package io.continuo.server.storage.h2;

import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.DeviceSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Devices in the table `device_seen`, and in `binding` as long as they are bound: a refresh writes
/// to `binding` only. [H2Bindings] tells of each row that comes and goes, in its own transaction.
/// Invariant: the device of every row of `binding` has a row in `device_seen`.
final class H2Devices implements DeviceMemory {
  private static final String SEEN =
      """
      MERGE INTO device_seen AS seen USING (%s) AS binding (subscriber, instance, until)
      ON seen.subscriber = binding.subscriber AND seen.instance = binding.instance
      WHEN MATCHED THEN UPDATE SET until = GREATEST(seen.until, binding.until)
      WHEN NOT MATCHED THEN INSERT (subscriber, instance, until)
        VALUES (binding.subscriber, binding.instance, binding.until)
      """;

  private static final String BOUND =
      SEEN.formatted(
          """
          VALUES (CAST(? AS VARCHAR), CAST(? AS VARCHAR), CAST(? AS TIMESTAMP(9) WITH TIME ZONE))
          """);

  private static final String UNBINDING =
      SEEN.formatted(
          """
          SELECT subscriber, instance, expires FROM binding
            WHERE subscriber = ? AND source = ? AND name = ?
          """);

  private static final String UNBOUND =
      """
      FROM device_seen AS seen WHERE until < ? AND NOT EXISTS (
        SELECT 1 FROM binding WHERE binding.subscriber = seen.subscriber
          AND binding.instance = seen.instance AND binding.expires >= ?)
      """;

  private final H2Database database;
  private final JournaledBindings bindings;

  /// @param bindings folded before the table `binding` is read
  H2Devices(H2Database database, JournaledBindings bindings) {
    this.database = database;
    this.bindings = bindings;
  }

  /// A row of `binding` begins to name the device.
  static void bound(Connection connection, DeviceId device, Instant until) throws SQLException {
    try (PreparedStatement bound = connection.prepareStatement(BOUND)) {
      bound.setString(1, device.owner().uri());
      bound.setString(2, device.instance());
      bound.setObject(3, Columns.utc(until));
      bound.executeUpdate();
    }
  }

  /// A row of `binding`, if there is one of this name, is about to go.
  static void unbinding(
      Connection connection, AddressOfRecord owner, DeviceSource source, String name)
      throws SQLException {
    try (PreparedStatement unbinding = connection.prepareStatement(UNBINDING)) {
      unbinding.setString(1, owner.uri());
      unbinding.setString(2, source.name());
      unbinding.setString(3, name);
      unbinding.executeUpdate();
    }
  }

  @Override
  public List<DeviceId> unboundSince(Instant time) throws StoreUnavailable {
    bindings.fold();
    return database.read(handle ->
        handle
            .createQuery("SELECT subscriber, instance " + UNBOUND)
            .bind(0, Columns.utc(time))
            .bind(1, Columns.utc(time))
            .map((row, _) -> new DeviceId(AddressOfRecord.of(row.getString(1)), row.getString(2)))
            .list());
  }

  /// With them go the rows of `binding` that ended as long ago: those that expired while no server
  /// ran.
  @Override
  public void dropUnboundSince(Instant time) throws StoreUnavailable {
    bindings.fold();
    database.change(handle -> {
      handle.execute("DELETE " + UNBOUND, Columns.utc(time), Columns.utc(time));
      handle.execute("DELETE FROM binding WHERE expires < ?", Columns.utc(time));
    });
  }
}
