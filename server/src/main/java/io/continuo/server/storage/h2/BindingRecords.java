package io.continuo.server.storage.h2;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.DeviceSource;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Changes of bindings as bytes of a [BindingJournal]: their number, then each of them. A text is
/// its length and its UTF-8, a list or map its size and its texts, a point of time its seconds and
/// nanoseconds. Flows are left out: they name connections of this process.
final class BindingRecords {
  private static final int PUT = 1;
  private static final int REMOVE = 2;

  private BindingRecords() {}

  static ByteBuffer written(Collection<BindingChange> batch) {
    Sink out = new Sink();
    out.number(batch.size());
    for (BindingChange change : batch) {
      switch (change) {
        case BindingChange.Put(Binding binding) -> {
          out.number(PUT);
          put(out, binding);
        }
        case BindingChange.Remove(AddressOfRecord owner, DeviceSource source, String name) -> {
          out.number(REMOVE);
          out.text(owner.uri());
          out.text(source.name());
          out.text(name);
        }
      }
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static void put(Sink out, Binding binding) {
    out.text(binding.device().owner().uri());
    out.text(binding.device().instance());
    out.text(binding.source().name());
    out.text(binding.contact());
    out.number(binding.parameters().size());
    binding
        .parameters()
        .forEach((name, value) -> {
          out.text(name);
          out.text(value);
        });
    out.text(binding.callId());
    out.longNumber(binding.cseq());
    out.number(binding.path().size());
    binding.path().forEach(out::text);
    out.instant(binding.since());
    out.instant(binding.updated());
    out.instant(binding.expires());
  }

  /// @param record whole, as its checksum says
  static List<BindingChange> read(ByteBuffer record) {
    int count = record.getInt();
    List<BindingChange> changes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int kind = record.getInt();
      changes.add(
          switch (kind) {
            case PUT -> new BindingChange.Put(binding(record));
            case REMOVE ->
                new BindingChange.Remove(
                    AddressOfRecord.of(text(record)),
                    DeviceSource.valueOf(text(record)),
                    text(record));
            default -> throw new IllegalStateException("a change of kind " + kind);
          });
    }
    return changes;
  }

  // In the order in which `put` writes them.
  private static Binding binding(ByteBuffer record) {
    AddressOfRecord owner = AddressOfRecord.of(text(record));
    return new Binding(
        new DeviceId(owner, text(record)),
        DeviceSource.valueOf(text(record)),
        text(record),
        texts(record),
        text(record),
        record.getLong(),
        list(record),
        Optional.empty(),
        instant(record),
        instant(record),
        instant(record));
  }

  private static Map<String, String> texts(ByteBuffer record) {
    Map<String, String> texts = new HashMap<>();
    for (int left = record.getInt(); left > 0; left--) {
      texts.put(text(record), text(record));
    }
    return texts;
  }

  private static List<String> list(ByteBuffer record) {
    List<String> list = new ArrayList<>();
    for (int left = record.getInt(); left > 0; left--) {
      list.add(text(record));
    }
    return list;
  }

  private static String text(ByteBuffer record) {
    byte[] text = new byte[record.getInt()];
    record.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static Instant instant(ByteBuffer record) {
    return Instant.ofEpochSecond(record.getLong(), record.getInt());
  }

  /// Threading: one call of [BindingRecords#written].
  private static final class Sink extends ByteArrayOutputStream {
    Sink() {
      super(512);
    }

    void number(int value) {
      write(value >>> 24);
      write(value >>> 16);
      write(value >>> 8);
      write(value);
    }

    void longNumber(long value) {
      number((int) (value >>> 32));
      number((int) value);
    }

    void text(String value) {
      byte[] text = value.getBytes(StandardCharsets.UTF_8);
      number(text.length);
      write(text, 0, text.length);
    }

    void instant(Instant value) {
      longNumber(value.getEpochSecond());
      number(value.getNano());
    }
  }
}
