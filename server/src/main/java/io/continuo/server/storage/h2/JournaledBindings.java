package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.DeviceSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bindings that are durable in a [BindingJournal] at once and go to the tables many at a time: a
/// commit of H2 costs a multiple of a synced record, and most registers come alone.
///
/// Whoever reads the tables calls [#fold] first. A start does, before anything is read; so does a
/// close. A crash between the tables' commit and the emptying of the journal repeats what the
/// tables have already, which changes nothing.
///
/// Threading: any thread; all of it blocks on the disk, one call at a time.
final class JournaledBindings implements BindingStore, AutoCloseable {
  /// Changes that wait for the tables; with more they are folded before the next batch is answered.
  /// As many as the registrar writes in one batch.
  static final int FOLD_AT = 1_000;

  private static final String FILE = "bindings.journal";
  private static final Logger LOG = LoggerFactory.getLogger(JournaledBindings.class);

  private final H2Bindings tables;
  private final BindingJournal journal;
  private final int foldAt;

  /// What the journal has and the tables have not, in order.
  private final List<BindingChange> waiting = new ArrayList<>();

  /// Where in `waiting` the last change of a row stands.
  private final Map<Row, Integer> lastOf = new HashMap<>();

  private int nextFold;

  private record Row(AddressOfRecord subscriber, DeviceSource source, String name) {}

  private JournaledBindings(H2Bindings tables, BindingJournal journal, int foldAt) {
    this.tables = tables;
    this.journal = journal;
    this.foldAt = foldAt;
    this.nextFold = foldAt;
  }

  /// Opens the journal and brings the tables up to what it holds.
  static JournaledBindings open(Path directory, H2Bindings tables, int foldAt)
      throws StoreUnavailable {
    BindingJournal.Opened opened = BindingJournal.open(directory.resolve(FILE));
    JournaledBindings bindings = new JournaledBindings(tables, opened.journal(), foldAt);
    try {
      bindings.note(opened.left());
      bindings.empty();
    } catch (StoreUnavailable | RuntimeException failed) {
      bindings.closeJournal();
      throw failed;
    }
    LOG.atDebug().addKeyValue("changes", opened.left().size()).log("bindings.recovered");
    return bindings;
  }

  @Override
  public synchronized List<Binding> load() throws StoreUnavailable {
    fold();
    return tables.load();
  }

  @Override
  public synchronized void write(Collection<BindingChange> batch)
      throws StoreUnavailable, BindingRefused {
    H2Bindings.requireStorable(batch);
    if (journal.append(batch) == BindingJournal.Appended.NO_ROOM) {
      fold();
      if (journal.append(batch) == BindingJournal.Appended.NO_ROOM) {
        tables.write(batch); // longer than the file, which is empty now
        return;
      }
    }
    note(batch);
    if (waiting.size() >= nextFold) {
      foldIfPossible();
    }
  }

  /// Brings the tables up to date. Nothing to do when they are.
  ///
  /// @throws StoreUnavailable when that cannot be; nothing is lost then
  synchronized void fold() throws StoreUnavailable {
    if (!waiting.isEmpty()) {
      empty();
    }
  }

  private void empty() throws StoreUnavailable {
    if (!waiting.isEmpty()) {
      try {
        tables.write(waiting);
      } catch (BindingRefused impossible) {
        throw new StoreUnavailable("the tables refuse what was storable", impossible);
      }
    }
    journal.clear();
    waiting.clear();
    lastOf.clear();
    nextFold = foldAt;
  }

  /// The batch is durable without it, so nobody is refused; the next try is not made at once.
  private void foldIfPossible() {
    try {
      empty();
    } catch (StoreUnavailable | RuntimeException notNow) {
      nextFold = waiting.size() + foldAt;
      LOG.atWarn().addKeyValue("waiting", waiting.size()).setCause(notNow).log("bindings.unfolded");
    }
  }

  /// A refresh takes the place of the one before it; every other change stands for itself, as
  /// [H2Devices] must hear when a row ceases to name a device.
  private void note(Collection<BindingChange> batch) {
    for (BindingChange change : batch) {
      Row row = row(change);
      Integer at = lastOf.get(row);
      if (at != null && isRefresh(waiting.get(at), change)) {
        waiting.set(at, change);
      } else {
        lastOf.put(row, waiting.size());
        waiting.add(change);
      }
    }
  }

  private static Row row(BindingChange change) {
    return switch (change) {
      case BindingChange.Put(Binding binding) ->
          new Row(binding.device().owner(), binding.source(), binding.name());
      case BindingChange.Remove(AddressOfRecord owner, DeviceSource source, String name) ->
          new Row(owner, source, name);
    };
  }

  private static boolean isRefresh(BindingChange before, BindingChange after) {
    return before instanceof BindingChange.Put(Binding old)
        && after instanceof BindingChange.Put(Binding fresh)
        && old.device().equals(fresh.device());
  }

  /// Whether it takes bindings. Does not wait.
  boolean usable() {
    return journal.usable();
  }

  @Override
  public synchronized void close() throws StoreUnavailable {
    try {
      if (journal.usable()) {
        fold();
      }
    } finally {
      closeJournal();
    }
  }

  private void closeJournal() {
    try {
      journal.close();
    } catch (IOException synced) {
      LOG.atWarn().setCause(synced).log("bindings.close-failed"); // all of it is on the disk
    }
  }
}
