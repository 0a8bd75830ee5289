package io.continuo.device.sip;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A dialog made by an INVITE (RFC 3261 §12).
///
/// Threading: any thread.
public final class SipDialog {
  private final String callId;
  private final String local;
  private final String remote;
  private final String target;
  private final List<String> routes;
  private final SipFlow flow;
  private final AtomicLong sequence;

  private SipDialog(
      String callId,
      String local,
      String remote,
      String target,
      List<String> routes,
      SipFlow flow,
      AtomicLong sequence) {
    this.callId = callId;
    this.local = local;
    this.remote = remote;
    this.target = target;
    this.routes = routes;
    this.flow = flow;
    this.sequence = sequence;
  }

  /// The inviter's side (§12.1.2).
  public static SipDialog inviting(ClientTransaction invite, SipResponse accepted) {
    SipHeaders headers = accepted.headers();
    return new SipDialog(
        accepted.callId(),
        headers.required("From"),
        headers.required("To"),
        SipText.uri(headers.required("Contact")),
        headers.all("Record-Route").reversed(),
        invite.flow(),
        new AtomicLong(accepted.sequence()));
  }

  /// The invited side (§12.1.1).
  public static SipDialog invited(ServerTransaction invite) {
    SipHeaders headers = invite.request().headers();
    return new SipDialog(
        invite.request().callId(),
        headers.required("To") + ";tag=" + invite.toTag(),
        headers.required("From"),
        SipText.uri(headers.first("Contact").orElse(headers.required("From"))),
        headers.all("Record-Route"),
        invite.flow(),
        new AtomicLong());
  }

  /// The same dialog with another remote target.
  public SipDialog to(String uri) {
    return new SipDialog(callId, local, remote, uri, routes, flow, sequence);
  }

  public String callId() {
    return callId;
  }

  SipFlow flow() {
    return flow;
  }

  /// The URI whose host the next request goes to.
  String nextHop() {
    return routes.isEmpty() ? target : SipText.uri(routes.getFirst());
  }

  /// A request within the dialog (§12.2.1.1); Via is put by the agent.
  public SipRequest request(String method, SipHeaders extra, byte[] body) {
    return build(method, sequence.incrementAndGet(), extra, body);
  }

  /// @param sdp the answer to an offer in the 2xx; empty: none
  SipRequest ack(long inviteSequence, byte[] sdp) {
    SipHeaders type = SipHeaders.NONE.with("Content-Type", "application/sdp");
    return build("ACK", inviteSequence, sdp.length == 0 ? SipHeaders.NONE : type, sdp);
  }

  private SipRequest build(String method, long number, SipHeaders extra, byte[] body) {
    SipHeaders headers = SipHeaders.NONE.with("Max-Forwards", "70");
    for (String route : routes) {
      headers = headers.with("Route", route);
    }
    headers =
        headers
            .with("From", local)
            .with("To", remote)
            .with("Call-ID", callId)
            .with("CSeq", number + " " + method);
    return new SipRequest(method, target, headers.with(extra), body);
  }

  /// An ACK to a refusal (§17.1.1.3) or a CANCEL (§9.1): the INVITE's own Via, and its CSeq number.
  ///
  /// @param to the answer's To; empty: the INVITE's
  static SipRequest sameTransaction(String method, SipRequest invite, String to) {
    SipHeaders of = invite.headers();
    SipHeaders headers =
        SipHeaders.NONE.with("Via", of.all("Via").getFirst()).with("Max-Forwards", "70");
    for (String route : of.all("Route")) {
      headers = headers.with("Route", route);
    }
    headers =
        headers
            .with("From", of.required("From"))
            .with("To", to.isEmpty() ? of.required("To") : to)
            .with("Call-ID", invite.callId())
            .with("CSeq", invite.sequence() + " " + method);
    return new SipRequest(method, invite.uri(), headers);
  }
}
