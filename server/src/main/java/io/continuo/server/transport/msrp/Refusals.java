package io.continuo.server.transport.msrp;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every refusal over MSRP passes here: one log line and one count for each.
///
/// Threading: any thread.
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private final MsrpRefusals counter;

  Refusals(MsrpRefusals counter) {
    this.counter = counter;
  }

  /// @param source the peer's address
  /// @param reason one of a small set of fixed phrases
  /// @param status what was answered, or would have been
  void note(String source, int status, String reason) {
    note(source, status, reason, "-");
  }

  /// @param detail what the log says beside the reason, for a person: it may differ each time
  void note(String source, int status, String reason, String detail) {
    counter.refused(reason, status);
    log.atInfo()
        .addKeyValue("status", status)
        .addKeyValue("reason", reason)
        .addKeyValue("detail", detail)
        .addKeyValue("source", source)
        .log("msrp.refused");
  }
}
