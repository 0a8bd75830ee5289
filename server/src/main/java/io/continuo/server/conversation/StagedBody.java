package io.continuo.server.conversation;

/// Port: a body in a file of the store, whole, and safe from the loss of power. Any thread.
public interface StagedBody {
  long length();

  /// Of all its bytes.
  int checksum();

  /// Begins to read the bytes from `from` on, which takes no memory until they are asked for. The
  /// file stays readable until the end of the reading, also when its conversation is erased
  /// meanwhile.
  Reading read(long from, Listener listener);

  /// Nobody needs it. Deletes the file, unless a log has it: what an entry refers to stays. Returns
  /// at once.
  void discard();

  /// Reads one body once.
  interface Reading {
    /// Asks for the next bytes: `most` of them, or what is left. The listener is told once for each
    /// call. Never blocks; one call at a time.
    void next(int most);

    /// Nothing more is asked for. Returns at once.
    void close();
  }

  /// Told on a thread of the store.
  interface Listener {
    /// @param bytes the listener's own; none when all were read before
    void read(byte[] bytes);

    /// It cannot be read, or the bytes up to its end are not those that were stored.
    void failed(StoreUnavailable why);
  }
}
