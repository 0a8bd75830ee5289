package io.continuo.server.transport.msrp;

import io.netty.channel.Channel;

/// The bytes that came on one connection and were not answered yet. Above the limit the socket is
/// left unread, until half of it is answered. A single leg is slowed long before, by withholding
/// its answers ([SessionInbox]); this is for all of them together.
///
/// Threading: the connection's event loop.
final class Unanswered {
  private final Channel channel;
  private final long limit;
  private long held;
  private int pauses;

  /// @param limit in bytes
  Unanswered(Channel channel, long limit) {
    this.channel = channel;
    this.limit = limit;
  }

  void hold(long bytes) {
    held += bytes;
    if (held > limit) {
      channel.config().setAutoRead(false);
    }
  }

  void release(long bytes) {
    held -= bytes;
    readOn();
  }

  /// The socket is left unread until [#resume] at least.
  void pause() {
    pauses++;
    channel.config().setAutoRead(false);
  }

  /// Ends one pause.
  void resume() {
    pauses--;
    readOn();
  }

  private void readOn() {
    if (pauses == 0 && held <= limit / 2) {
      channel.config().setAutoRead(true);
    }
  }

  boolean isNone() {
    return held == 0;
  }
}
