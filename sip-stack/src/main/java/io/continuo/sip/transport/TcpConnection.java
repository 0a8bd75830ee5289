package io.continuo.sip.transport;

import io.continuo.sip.Flow;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// One connection, either side's: TCP, and TLS or WebSocket or both on top of it.
///
/// Threading: any thread writes; reading belongs to the connection's event loop.
public final class TcpConnection {
  /// Messages of one connection that may wait to be dealt with; more are left in the socket.
  public static final int MAX_OPEN_MESSAGES = 256;

  private final Flow flow;
  private final Channel channel;
  private final ChannelPromise ready;
  private final AtomicInteger openMessages = new AtomicInteger();

  TcpConnection(Flow flow, Channel channel, ChannelPromise ready) {
    this.flow = flow;
    this.channel = channel;
    this.ready = ready;
  }

  public Flow flow() {
    return flow;
  }

  /// It can carry messages from now on.
  void opened() {
    ready.trySuccess();
  }

  /// Open, or about to be.
  public boolean isOpen() {
    return channel.isOpen();
  }

  /// Sends bytes, after the connection is there.
  ///
  /// @param failed run on the event loop when they could not be handed to the socket
  /// @throws IOException when it is closed, or the peer does not read what was sent before (it is
  ///   closed then)
  public void write(byte[] bytes, Runnable failed) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("flow is closed");
    }
    if (!channel.isWritable() && ready.isDone()) {
      channel.close();
      throw new IOException("peer does not read");
    }
    if (ready.isDone()) {
      writeNow(bytes, failed);
    } else {
      ready.addListener(done -> {
        if (done.isSuccess()) {
          writeNow(bytes, failed);
        } else {
          failed.run();
        }
      });
    }
  }

  private void writeNow(byte[] bytes, Runnable failed) {
    channel
        .writeAndFlush(Unpooled.wrappedBuffer(bytes))
        .addListener(done -> {
          if (!done.isSuccess()) {
            failed.run();
          }
        });
  }

  /// Closes after everything that was written.
  void closeAfterWrites() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(done -> channel.eventLoop().execute(channel::close));
  }

  void messageOpened() {
    if (openMessages.incrementAndGet() == MAX_OPEN_MESSAGES) {
      channel.config().setAutoRead(false);
    }
  }

  void messageDone() {
    if (openMessages.decrementAndGet() == MAX_OPEN_MESSAGES / 2) {
      channel.config().setAutoRead(true);
    }
  }
}
