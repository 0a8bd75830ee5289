package io.continuo.server.transport.sip;

import io.continuo.server.registrar.Registration;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// What a REGISTER that names a flow is told (RFC 5626 §6).
final class Outbound {
  private static final Pattern FLOW_NUMBER = Pattern.compile("\\d{1,18}");

  private Outbound() {}

  /// Whether the proxy that the device speaks to keeps no flows: it would have written `ob` into
  /// its Path, which is the lowest. Without a proxy we are the first hop.
  static boolean lacksFirstHop(SipRequest request) {
    boolean direct = request.headers().elements("Via").size() <= 1;
    List<String> path = request.headers().elements("Path");
    return !direct && (path.isEmpty() || !keepsFlows(path.getLast()));
  }

  /// Whether a Contact that binds a flow to its instance numbers it 1 to 2^31 - 1 (RFC 5626 §4.2).
  /// One without an instance names no flow (§6).
  static boolean namesUsableFlow(Registration.Contact contact) {
    String number = contact.parameters().get("reg-id");
    if (number == null || !contact.parameters().containsKey("+sip.instance")) {
      return true;
    }
    if (!FLOW_NUMBER.matcher(number).matches()) {
      return false;
    }
    long flow = Long.parseLong(number);
    return flow > 0 && flow <= Integer.MAX_VALUE;
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
