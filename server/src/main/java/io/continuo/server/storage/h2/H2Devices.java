package io.continuo.server.storage.h2;

import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Devices in the table `device_seen`. [H2Bindings] tells of each binding in its own transaction.
final class H2Devices implements DeviceMemory {
  private static final String BOUND =
      """
      MERGE INTO device_seen AS seen
      USING (VALUES (CAST(? AS VARCHAR), CAST(? AS VARCHAR),
        CAST(? AS TIMESTAMP(9) WITH TIME ZONE))) AS binding (subscriber, instance, until)
      ON seen.subscriber = binding.subscriber AND seen.instance = binding.instance
      WHEN MATCHED THEN UPDATE SET until = GREATEST(seen.until, binding.until)
      WHEN NOT MATCHED THEN INSERT (subscriber, instance, until)
        VALUES (binding.subscriber, binding.instance, binding.until)
      """;

  private final H2Database database;

  H2Devices(H2Database database) {
    this.database = database;
  }

  static void bound(Handle handle, DeviceId device, Instant until) {
    handle.execute(BOUND, device.owner().uri(), device.instance(), Columns.utc(until));
  }

  @Override
  public List<DeviceId> unboundSince(Instant time) throws StoreUnavailable {
    return database.read(handle ->
        handle
            .createQuery("SELECT subscriber, instance FROM device_seen WHERE until < ?")
            .bind(0, Columns.utc(time))
            .map((row, _) -> new DeviceId(AddressOfRecord.of(row.getString(1)), row.getString(2)))
            .list());
  }

  @Override
  public void dropUnboundSince(Instant time) throws StoreUnavailable {
    database.change(
        handle -> handle.execute("DELETE FROM device_seen WHERE until < ?", Columns.utc(time)));
  }
}
