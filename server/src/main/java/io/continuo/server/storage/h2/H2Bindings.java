package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.DeviceSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/// Bindings as rows of the table `binding`.
final class H2Bindings implements BindingStore {
  private static final String PUT =
      """
      MERGE INTO binding (subscriber, source, name, instance, contact, parameters, call_id, cseq,
        path, since, updated, expires)
      KEY (subscriber, source, name)
      VALUES (:subscriber, :source, :name, :instance, :contact, :parameters, :callId, :cseq,
        :path, :since, :updated, :expires)
      """;
  private static final String REMOVE =
      "DELETE FROM binding WHERE subscriber = :subscriber AND source = :source AND name = :name";

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
  public void write(Collection<BindingChange> batch) throws StoreUnavailable {
    database.change(handle -> batch.forEach(change -> apply(handle, change)));
  }

  private static void apply(Handle handle, BindingChange change) {
    switch (change) {
      case BindingChange.Put(Binding binding) -> put(handle, binding);
      case BindingChange.Remove(AddressOfRecord owner, DeviceSource source, String name) ->
          named(handle.createUpdate(REMOVE), owner, source, name).execute();
    }
  }

  private static void put(Handle handle, Binding binding) {
    named(handle.createUpdate(PUT), binding.device().owner(), binding.source(), binding.name())
        .bind("instance", binding.device().instance())
        .bind("contact", binding.contact())
        .bind("parameters", Columns.text(binding.parameters()))
        .bind("callId", binding.callId())
        .bind("cseq", binding.cseq())
        .bind("path", Columns.text(binding.path()))
        .bind("since", Columns.utc(binding.since()))
        .bind("updated", Columns.utc(binding.updated()))
        .bind("expires", Columns.utc(binding.expires()))
        .execute();
    H2Devices.bound(handle, binding.device(), binding.expires());
  }

  private static Update named(
      Update update, AddressOfRecord owner, DeviceSource source, String name) {
    return update.bind("subscriber", owner.uri()).bind("source", source.name()).bind("name", name);
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
