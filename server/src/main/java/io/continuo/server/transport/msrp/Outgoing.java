package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.server.transport.msrp.MsrpSession.Peer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// A connection that we made, or are making, and the sessions that are about to be bound on it. An
/// open one is used for further sessions to the same place (RFC 4975 §5.4). It is closed when the
/// last session that wanted it has found another or ended, and carries none.
///
/// Threading: any thread; the waiting sessions are guarded by this object's lock.
final class Outgoing {
  private final ChannelFuture connected;
  private final Set<MsrpSession> waiting = new HashSet<>();

  /// What a connection leads to. Sessions share one only when all of this is equal.
  ///
  /// @param assurance what the peer has to show beside being there
  record To(InetSocketAddress target, Assurance assurance) {}

  Outgoing(ChannelFuture connected) {
    this.connected = connected;
  }

  boolean isUsable() {
    Channel channel = connected.channel();
    return connected.isDone() ? channel.isActive() : channel.isOpen();
  }

  Channel channel() {
    return connected.channel();
  }

  /// Binds the session here by a bodiless SEND, once connected.
  ///
  /// @param limit how long the answer is awaited
  /// @param failed told why there is no binding, on the connection's loop; not when the session has
  ///   given up
  void carry(MsrpSession session, Peer peer, Duration limit, Consumer<String> failed) {
    synchronized (this) {
      waiting.add(session);
    }
    session.tries(this);
    connected.addListener(done -> {
      if (!isAwaitedBy(session)) {
        closeWhenUnused();
      } else if (done.isSuccess()) {
        IntConsumer answered = status -> answered(session, status, failed);
        connection().router().bindFor(session, peer, limit, answered);
      } else {
        finish(session);
        failed.accept("cannot connect: " + done.cause().getMessage());
      }
    });
  }

  private void answered(MsrpSession session, int status, Consumer<String> failed) {
    finish(session);
    if (status != MsrpStatus.OK.code()) {
      failed.accept("our bodiless SEND was answered " + status);
    }
    connection().closeWhenUnused();
  }

  /// The session has found another connection, or ended.
  void giveUp(MsrpSession session) {
    if (finish(session) && !connected.isDone()) {
      channel().close();
      return;
    }
    connected.addListener(done -> {
      if (done.isSuccess()) {
        connection().router().abandon(session);
      }
    });
  }

  private synchronized boolean isAwaitedBy(MsrpSession session) {
    return waiting.contains(session);
  }

  /// Whether that was the last one.
  private synchronized boolean finish(MsrpSession session) {
    return waiting.remove(session) && waiting.isEmpty();
  }

  private void closeWhenUnused() {
    if (connected.isSuccess()) {
      connection().closeWhenUnused();
    }
  }

  private MsrpConnection connection() {
    return channel().pipeline().get(MsrpConnection.class);
  }
}
