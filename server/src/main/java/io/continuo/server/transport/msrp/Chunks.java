package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpRequest;
import java.util.Iterator;

/// The chunks of one message, made while they are written. Those of a message in a file wait for
/// its bytes now and then.
///
/// Threading: the connection's event loop.
interface Chunks extends Iterator<MsrpRequest> {
  /// Call once, before anything else.
  ///
  /// @param came told when bytes that [#isReady] missed have come
  /// @param failed told when they cannot be read, so that no further chunk comes
  void tell(Runnable came, Runnable failed);

  /// Whether the next chunk, while there is one, can be had now. Asks for its bytes when they are
  /// not there.
  boolean isReady();

  /// No more of them is wanted; nothing more is told.
  void close();

  /// Of a message in memory.
  static Chunks of(Iterator<MsrpRequest> chunks) {
    return new Chunks() {
      @Override
      public void tell(Runnable came, Runnable failed) {}

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void close() {}

      @Override
      public boolean hasNext() {
        return chunks.hasNext();
      }

      @Override
      public MsrpRequest next() {
        return chunks.next();
      }
    };
  }
}
