package io.continuo.server.conversation;

/// Port: where bodies that are too large for memory are written while they come. Any thread; calls
/// never block.
public interface BodyStaging {
  /// For who has no store: every upload fails.
  BodyStaging NONE =
      listener ->
          new Upload() {
            @Override
            public void write(long at, byte[] bytes) {
              listener.written(bytes.length);
            }

            @Override
            public void seal(long length) {
              listener.failed(new StoreUnavailable("nothing takes large bodies here"));
            }

            @Override
            public void discard() {}
          };

  /// Begins a body. Its file is there until the body is sealed and discarded or its conversation
  /// erased, until [Upload#discard], or, when a crash cuts it short, until the next start.
  Upload begin(Listener listener);

  /// A body on its way to its file. One thread.
  interface Upload {
    /// Puts bytes where they belong, in any order; over earlier ones, they replace them.
    ///
    /// @param bytes not written to any more; in memory until the listener is told
    void write(long at, byte[] bytes);

    /// Every byte before `length` was written, and none behind it: makes it survive the loss of
    /// power, behind everything that was written. Nothing is written afterwards.
    void seal(long length);

    /// Nobody needs it: its file is deleted. Of a sealing that is under way the listener is told
    /// nevertheless.
    void discard();
  }

  /// Told on a thread of the store.
  interface Listener {
    /// So many bytes more are no longer in memory. Told of everything that was to be written,
    /// whatever becomes of it.
    void written(long bytes);

    /// The body is whole and safe. Whoever is told owns it: to be discarded unless it becomes part
    /// of an entry.
    void sealed(Body body);

    /// It cannot be written, and the file is gone. Told at most once, in place of `sealed`.
    void failed(StoreUnavailable why);
  }
}
