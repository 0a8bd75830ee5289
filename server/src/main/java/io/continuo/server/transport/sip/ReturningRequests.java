package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests of ours that the core brings back, since its filter criteria send what is meant for a
/// subscriber to us (TS 24.229 §5.4.3.3): they go on to their device, and are never forked or
/// logged a second time. What a peer that is not trusted says is judged like any other request.
///
/// Threading: the stack's threads; keeps nothing.
final class ReturningRequests {
  private static final Logger log = LoggerFactory.getLogger(ReturningRequests.class);

  private final OriginToken tokens;
  private final Authentication authentication;
  private final OwnAddress own;

  ReturningRequests(OriginToken tokens, Authentication authentication, OwnAddress own) {
    this.tokens = tokens;
    this.authentication = authentication;
    this.own = own;
  }

  /// Whether it goes on along its Route.
  boolean passOn(Flow flow, SipRequest request) {
    boolean onward = isOurs(flow, request) && namesUs(request);
    if (onward) {
      log.atDebug()
          .addKeyValue("method", request.method())
          .addKeyValue("call", request.headers().first("Call-ID").orElse(""))
          .log("sip.passed-on");
    }
    return onward;
  }

  /// One that does not say where to go on cannot, and must not begin a chat with itself.
  void refuseStray(InboundRequest request) throws RequestRefused {
    if (isOurs(request.flow(), request.request())) {
      throw new RequestRefused(482, "own request came back without our Route");
    }
  }

  private boolean isOurs(Flow flow, SipRequest request) {
    return authentication.trusted(flow) && tokens.isOn(request);
  }

  private boolean namesUs(SipRequest request) {
    return request.headers().elements("Route").stream()
        .findFirst()
        .flatMap(NameAddr::parse)
        .flatMap(route -> AddressOfRecord.parse(route.uri()))
        .filter(route -> own.isOurs(route.host()))
        .isPresent();
  }
}
