package io.continuo.server.storage;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.everyKindOfNote;
import static io.continuo.server.conversation.LogSamples.message;

import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.Told;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.storage.h2.H2Store;
import io.continuo.server.storage.segments.LogObserver;
import io.continuo.server.storage.segments.SegmentLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes the whole store that is kept as `src/test/resources/store/format-2.zip`: every kind of
/// record in several segments, a staged body, something erased, and the tables. Run once, by the
/// release that had format 2 (see the README beside it); a later format adds a file and leaves this
/// one as it is.
final class FormatTwoStore {
  private static final int SMALL_SEGMENT = 600;

  static final Binding BINDING =
      new Binding(
          PHONE,
          DeviceSource.values()[0],
          "sip:alice@192.0.2.1:5060",
          Map.of("+sip.instance", "\"<" + PHONE.instance() + ">\""),
          "call-1",
          7,
          List.of("<sip:edge.example.com;lr>"),
          Optional.empty(),
          AT,
          AT,
          AT.plusSeconds(3600));

  private FormatTwoStore() {}

  /// What the log holds of [io.continuo.server.conversation.LogSamples#CONVERSATION].
  static List<LogRecord> records() {
    List<LogRecord> records = new ArrayList<>(entries());
    records.addAll(everyKindOfNote(3));
    return records;
  }

  private static List<Entry> entries() {
    return everyKindOfEntry().stream()
        .map(entry -> entry.sequence() == 5 ? message(5, "large 😀 ".repeat(8_000)) : entry)
        .toList();
  }

  static StorageSettings settings(Path directory) {
    return new StorageSettings(directory, SMALL_SEGMENT, 64 << 20, Path.of(""));
  }

  private static void write(Path directory) throws Exception {
    try (SegmentLog log = SegmentLog.open(settings(directory), LogObserver.NONE)) {
      Told.append(log, OTHER, List.of(message(1, "erased")));
      for (Entry entry : entries()) {
        Told.append(log, CONVERSATION, List.of(entry));
      }
      log.erase(OTHER);
      everyKindOfNote(3).forEach(told -> log.note(CONVERSATION, told));
    }
    H2Store store = H2Store.open(directory);
    store.bindings().write(List.of(new BindingChange.Put(BINDING)));
    store.conversations().keep(CONVERSATION, false, List.of(ALICE, BOB));
    store.conversations().alias(CONVERSATION, "contribution-1");
    store.close();
  }

  /// @param arguments the zip file to write
  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("store");
    write(directory);
    try (OutputStream file = Files.newOutputStream(Path.of(arguments[0]));
        ZipOutputStream zip = new ZipOutputStream(file);
        Stream<Path> all = Files.walk(directory)) {
      zip.setLevel(9);
      for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
        put(zip, directory.relativize(each).toString(), each);
      }
    }
  }

  private static void put(ZipOutputStream zip, String name, Path file) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(file, zip);
    zip.closeEntry();
  }
}
