package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Transactions that last: a change is on the disk when [#change] returns.
final class H2Database {
  private final Jdbi jdbi;

  H2Database(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  <T> T read(Function<Handle, T> query) throws StoreUnavailable {
    try {
      return jdbi.withHandle(query::apply);
    } catch (JdbiException failed) {
      throw unavailable(failed);
    }
  }

  void change(Consumer<Handle> work) throws StoreUnavailable {
    compute(handle -> {
      work.accept(handle);
      return true;
    });
  }

  /// JDBC work in one transaction, for what is written so often that JDBI's way there shows.
  ///
  /// @throws SQLException of the work itself; nothing is changed then
  void changeBy(JdbcWork work) throws StoreUnavailable, SQLException {
    try (Handle handle = jdbi.open()) {
      handle.useTransaction(same -> work.run(same.getConnection()));
      handle.execute("CHECKPOINT SYNC");
    } catch (JdbiException failed) {
      throw unavailable(failed);
    }
  }

  /// Some statements on one connection.
  interface JdbcWork {
    void run(Connection connection) throws SQLException;
  }

  /// One transaction. H2 writes a commit to the file at once (WRITE_DELAY=0) but leaves it to the
  /// operating system when it reaches the disk; CHECKPOINT SYNC waits for that.
  <T> T compute(Function<Handle, T> work) throws StoreUnavailable {
    try (Handle handle = jdbi.open()) {
      T result = handle.inTransaction(work::apply);
      handle.execute("CHECKPOINT SYNC");
      return result;
    } catch (JdbiException failed) {
      throw unavailable(failed);
    }
  }

  private static StoreUnavailable unavailable(JdbiException failed) {
    return new StoreUnavailable("the embedded store failed: " + failed.getMessage(), failed);
  }
}
