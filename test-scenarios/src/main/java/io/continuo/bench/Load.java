package io.continuo.bench;

import java.time.Duration;

/// What is asked of the server.
///
/// @param conversations each of two subscribers with two devices; the phones write, all read
/// @param size bytes of one CPIM message
/// @param window messages of one phone under way; a message is under way until it is accepted and
///   its three copies have arrived
/// @param rate messages per second of all phones together; 0: as fast as the windows allow
/// @param warmUp before the measured phase
/// @param measured how long figures are taken
record Load(int conversations, int size, int window, int rate, Duration warmUp, Duration measured) {
  /// Copies of one message: the writer's tablet and both devices of the other subscriber.
  static final int COPIES = 3;

  static final int MAX_WINDOW = 1024;

  Load {
    require(conversations >= 1 && conversations <= 5_000, "--conversations is 1 to 5000");
    require(
        size >= ChatText.MIN_SIZE && size <= 1_000_000,
        "--size is " + ChatText.MIN_SIZE + " to 1000000 bytes");
    require(window >= 1 && window <= MAX_WINDOW, "--window is 1 to " + MAX_WINDOW);
    require(rate >= 0, "--rate is not negative");
    require(measured.toSeconds() >= 1, "--seconds is at least 1");
  }

  private static void require(boolean held, String rule) {
    if (!held) {
      throw new IllegalArgumentException(rule);
    }
  }
}
