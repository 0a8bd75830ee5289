package io.continuo.server.configuration;

/// Threads and mailboxes (`runtime.*`).
///
/// @param loops conversation loops; each is one thread (default: the processors)
/// @param maxMailbox events waiting on one loop; over it MSRP reading stops and SIP answers 503
///   (default 100,000)
/// @param highWater events waiting on one loop; over it whatever begins something new over SIP is
///   answered 503 with Retry-After (default 50,000)
public record RuntimeSettings(int loops, int maxMailbox, int highWater) {
  public RuntimeSettings {
    new Check()
        .between("runtime.loops", loops, 1, 1024)
        .between("runtime.max-mailbox", maxMailbox, 100, 10_000_000)
        .between("runtime.high-water", highWater, 1, 10_000_000)
        .that("runtime.high-water", highWater <= maxMailbox, "is more than runtime.max-mailbox")
        .done();
  }

  public static final RuntimeSettings DEFAULT =
      new RuntimeSettings(Math.max(1, Runtime.getRuntime().availableProcessors()), 100_000, 50_000);
}
