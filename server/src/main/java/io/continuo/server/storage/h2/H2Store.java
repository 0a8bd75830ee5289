package io.continuo.server.storage.h2;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.SubscriberStore;
import io.continuo.server.storage.DirectoryLock;
import io.continuo.server.storage.FileFailure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jdbi.v3.core.Jdbi;

/// The embedded store for everything one queries: subscribers, bindings, conversations. What was
/// written survives `kill -9` and loss of power.
///
/// Threading: any thread; every call blocks on the disk.
public final class H2Store implements AutoCloseable {
  /// Connections to the file; callers beyond wait [#CONNECTION_WAIT_MILLIS], then the store is
  /// unavailable to them.
  private static final int CONNECTIONS = 4;

  private static final long CONNECTION_WAIT_MILLIS = 5_000;
  private static final String FILE = "continuo";
  private static final String TABLES = FILE + ".mv.db"; // H2 names it so
  private static final String LOCK = "continuo.lock";

  private final DirectoryLock lock;
  private final HikariDataSource source;
  private final H2Database database;

  private final JournaledBindings bindings;

  private H2Store(
      DirectoryLock lock,
      HikariDataSource source,
      H2Database database,
      JournaledBindings bindings) {
    this.lock = lock;
    this.source = source;
    this.database = database;
    this.bindings = bindings;
  }

  /// Opens the store in this directory, which is made when it is missing, and brings its tables up
  /// to date.
  ///
  /// @throws StoreUnavailable when another server uses it, it cannot be written, or a newer release
  ///   wrote it; the message is for the operator
  public static H2Store open(Path directory) throws StoreUnavailable {
    return open(directory, "", JournaledBindings.FOLD_AT);
  }

  /// [#open(Path)] with further settings of H2 (`;NAME=VALUE…`), for tests that cannot wait the 45
  /// s after which H2 by itself writes over what is no longer needed.
  ///
  /// @param foldAt see [JournaledBindings#FOLD_AT]; with 1 the tables have at once what is written
  static H2Store open(Path directory, String more, int foldAt) throws StoreUnavailable {
    makeDirectory(directory);
    DirectoryLock lock = DirectoryLock.take(directory, LOCK);
    try {
      return opened(directory, lock, connect(directory, more), foldAt);
    } catch (StoreUnavailable failed) {
      lock.close();
      throw failed;
    } catch (RuntimeException failed) {
      lock.close();
      throw unusable(directory, failed);
    }
  }

  private static H2Store opened(
      Path directory, DirectoryLock lock, HikariDataSource source, int foldAt)
      throws StoreUnavailable {
    try {
      H2Database database = new H2Database(Jdbi.create(source));
      return new H2Store(
          lock,
          source,
          database,
          JournaledBindings.open(directory, new H2Bindings(database), foldAt));
    } catch (StoreUnavailable | RuntimeException failed) {
      source.close();
      throw failed;
    }
  }

  /// Bindings that survive a restart.
  public BindingStore bindings() {
    return bindings;
  }

  /// Subscribers provisioned into the store.
  public SubscriberStore subscribers() {
    return new H2Subscribers(database);
  }

  /// Which conversations there are.
  public ConversationDirectory conversations() {
    return new H2Conversations(database);
  }

  /// Until when devices were bound.
  public DeviceMemory devices() {
    return new H2Devices(database, bindings);
  }

  /// Whether the tables can be read and bindings be written now; for `/ready`. Blocks, at most
  /// [#CONNECTION_WAIT_MILLIS].
  public boolean answers() {
    try {
      return database.read(handle -> handle.createQuery("SELECT 1").mapTo(int.class).one()) == 1
          && bindings.usable();
    } catch (StoreUnavailable notNow) {
      return false;
    }
  }

  /// Closes the file; what was acknowledged is in it already.
  @Override
  public void close() throws StoreUnavailable {
    try (lock;
        source) {
      bindings.close();
    }
  }

  private static void makeDirectory(Path directory) throws StoreUnavailable {
    try {
      Files.createDirectories(directory);
    } catch (IOException unusable) {
      throw new StoreUnavailable(
          "cannot make storage.directory: " + FileFailure.text(unusable), unusable);
    }
  }

  private static StoreUnavailable unusable(Path directory, RuntimeException failed) {
    String why = String.valueOf(failed.getMessage());
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (isDamage(cause)) {
        return new StoreUnavailable(
            directory.resolve(TABLES)
                + " is damaged; restore storage.directory from a backup: "
                + cause.getMessage(),
            failed);
      }
      if (cause instanceof IOException io) {
        why = FileFailure.text(io);
      }
    }
    return new StoreUnavailable("cannot open the store in " + directory + ": " + why, failed);
  }

  private static boolean isDamage(Throwable cause) {
    return cause instanceof MVStoreException failed
        && (failed.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT
            || failed.getCause() instanceof EOFException);
  }

  private static HikariDataSource connect(Path directory, String more) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("h2");
    // The last connection closes the database: no shutdown hook of H2 races with our own order.
    config.setJdbcUrl(
        "jdbc:h2:file:"
            + directory.toAbsolutePath().resolve(FILE)
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
            + more);
    config.setUsername("sa");
    config.setPassword("");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(CONNECTION_WAIT_MILLIS);
    HikariDataSource source = new HikariDataSource(config);
    try {
      migrate(source);
      return source;
    } catch (RuntimeException failed) {
      source.close();
      throw failed;
    }
  }

  private static void migrate(DataSource source) {
    Flyway.configure().dataSource(source).locations("classpath:db/migration/h2").load().migrate();
  }
}
