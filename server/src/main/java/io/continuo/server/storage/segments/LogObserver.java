package io.continuo.server.storage.segments;

import java.time.Duration;

/// Told what the log does, for metrics. Called on the log's threads; must return at once.
public interface LogObserver {
  /// A group was written and synced.
  ///
  /// @param took from the first byte written to the end of the sync
  void committed(int records, long bytes, Duration took);

  /// The log was opened.
  ///
  /// @param known records that checkpoints told of
  /// @param scanned records that had to be read
  /// @param scannedBytes of those
  void opened(long known, long scanned, long scannedBytes);

  /// An entry was refused or could not be written. Also called by whoever appends, when the refusal
  /// is told at once.
  void appendFailed();

  /// A device's answer found no room and was let go: the device is sent that entry once more after
  /// a restart.
  void answerDropped();

  /// Nobody listens.
  LogObserver NONE =
      new LogObserver() {
        @Override
        public void committed(int records, long bytes, Duration took) {}

        @Override
        public void opened(long known, long scanned, long scannedBytes) {}

        @Override
        public void appendFailed() {}

        @Override
        public void answerDropped() {}
      };
}
