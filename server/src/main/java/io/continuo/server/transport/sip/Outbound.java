package io.continuo.server.transport.sip;

import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What a REGISTER that names a flow is told (RFC 5626 §6).
final class Outbound {
  private Outbound() {}

  /// Whether the proxy that the device speaks to keeps no flows: it would have written `ob` into
  /// its Path, which is the lowest. Without a proxy we are the first hop.
  static boolean lacksFirstHop(SipRequest request) {
    boolean direct = request.headers().elements("Via").size() <= 1;
    List<String> path = request.headers().elements("Path");
    return !direct && (path.isEmpty() || !keepsFlows(path.getLast()));
  }

  private static boolean keepsFlows(String path) {
    return NameAddr.parse(path)
        .map(name -> Arrays.asList(name.uri().split(";")).contains("ob"))
        .orElse(false);
  }

  /// With what the 2xx says. Flow-Timer is the first hop's to say, and for a connection:
  /// keep-alives over UDP are STUN, at the device's own pace (RFC 5626 §4.4.2).
  static SipHeaders granted(SipHeaders headers, InboundRequest inbound, Duration flowTimer) {
    boolean ours =
        inbound.flow().transport().reliable()
            && inbound.request().headers().elements("Via").size() <= 1;
    SipHeaders granted = headers.with("Require", "outbound");
    return ours && flowTimer.isPositive()
        ? granted.with("Flow-Timer", Long.toString(flowTimer.toSeconds()))
        : granted;
  }
}
