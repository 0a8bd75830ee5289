package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out that the peer of a silent connection is gone: after `msrp.idle-timeout` without a byte
/// one bodiless SEND goes out on one of the sessions, and when nothing at all has come for
/// `msrp.transaction-timeout` after it, the connection is closed and each of its legs told so.
///
/// An answer is about one session: 481 or 506 end the binding of that one, and show that the
/// connection is alive. While we ourselves leave the socket unread, silence says nothing and nobody
/// is asked.
///
/// Threading: the connection's event loop.
final class KeepAlive {
  private static final Logger log = LoggerFactory.getLogger(KeepAlive.class);

  private final MsrpConnection connection;
  private long heard;
  private boolean asking;

  KeepAlive(MsrpConnection connection) {
    this.connection = connection;
  }

  /// Bytes came, whatever they were.
  void heard() {
    heard++;
  }

  /// Nothing came for `msrp.idle-timeout`.
  ///
  /// @param any gives one of the sessions, null when there is none
  void silent(Supplier<@Nullable BoundSession> any) {
    if (asking || !connection.channel().config().isAutoRead()) {
      return;
    }
    @Nullable BoundSession session = any.get();
    if (session == null) {
      connection.silentWithoutSession();
      return;
    }
    asking = true;
    long before = heard;
    MsrpRequest probe = session.bodiless();
    connection.await(probe.transactionId(), status -> judge(session, status, heard != before));
    connection.write(probe);
  }

  private void judge(BoundSession session, int status, boolean alive) {
    asking = false;
    if (status == Transactions.CLOSED) {
      return;
    }
    if (!alive) {
      log.atInfo().addKeyValue("source", connection.source()).log("msrp.connection-half-open");
      connection.channel().close();
    } else if (status != MsrpStatus.REQUEST_TIMEOUT.code() && !isHere(status)) {
      session.lose("answered " + status);
    }
  }

  /// Whether a peer that answers so still has the session on this connection.
  static boolean isHere(int status) {
    return status != Transactions.CLOSED
        && status != MsrpStatus.REQUEST_TIMEOUT.code()
        && status != MsrpStatus.SESSION_DOES_NOT_EXIST.code()
        && status != MsrpStatus.BOUND_ELSEWHERE.code();
  }
}
