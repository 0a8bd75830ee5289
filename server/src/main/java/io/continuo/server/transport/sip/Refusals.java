package io.continuo.server.transport.sip;

import io.continuo.sip.Flow;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers refused requests: one log line and one count for each.
///
/// Threading: any thread.
final class Refusals {
  /// The reason of a first challenge.
  static final String NO_CREDENTIALS = "no credentials";

  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private final SipRefusals counter;

  Refusals(SipRefusals counter) {
    this.counter = counter;
  }

  /// The device that a GRUU names is not there (RFC 5627 §6.1).
  static RequestRefused absent() {
    return new RequestRefused(480, "device of the GRUU is not registered");
  }

  void respond(InboundRequest request, RequestRefused.Refusal refusal) {
    note(request.flow(), request.request().method(), refusal.status(), refusal.reason());
    request.respond(SipResponse.of(refusal.status(), refusal.headers()));
  }

  void respond(InboundRequest request, int status, String reason, SipHeaders headers) {
    respond(request, new RequestRefused.Refusal(status, reason, headers));
  }

  /// Somebody on a recipient list is nobody here, and the others are invited.
  void leftOut(Flow flow, List<String> uris) {
    if (!uris.isEmpty()) {
      note(flow, "INVITE", 404, "unknown on the recipient list");
      log.atDebug().addKeyValue("uris", uris).log("sip.recipients-left-out");
    }
  }

  /// Something was refused that was answered elsewhere.
  void note(Flow flow, String method, int status, String reason) {
    counter.refused(reason, status);
    log.atInfo()
        .addKeyValue("method", method)
        .addKeyValue("status", status)
        .addKeyValue("reason", reason)
        .addKeyValue("source", flow.remote().getAddress().getHostAddress())
        .log("sip.refused");
  }
}
