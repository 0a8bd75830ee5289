package io.continuo.server.conversation;

import java.util.Arrays;

/// A body as it is when its bytes are in a file of a store; here they are none the less in memory.
record StagedBytes(byte[] bytes) implements StagedBody {
  /// Its first [Body#HEAD] bytes are its head.
  static Body.Staged body(byte[] bytes) {
    byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, Body.HEAD));
    return new Body.Staged(head, new StagedBytes(bytes), head.length);
  }

  @Override
  public long length() {
    return bytes.length;
  }

  @Override
  public int checksum() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public Reading read(long from, Listener listener) {
    return new Reading() {
      private int at = (int) from;

      @Override
      public void next(int most) {
        int end = Math.min(bytes.length, at + most);
        byte[] next = Arrays.copyOfRange(bytes, at, end);
        at = end;
        listener.read(next);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void discard() {}
}
