package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Where the requests of a dialog go, and what they have in common (RFC 3261 §12.2.1.1).
///
/// Threading: the stripe of the Call-ID.
final class DialogRoute {

  /// Who the two sides are.
  ///
  /// @param local our name-addr with our tag
  /// @param remote the peer's with its tag
  /// @param routes route set, nearest first
  record Parties(Dialogs.Id id, String local, String remote, List<String> routes) {}

  private static final Pattern LOOSE =
      Pattern.compile(";\\s*lr\\s*(?:[;=?]|$)", Pattern.CASE_INSENSITIVE);

  private final UserAgent agent;
  private Parties parties;
  private DialogPath path;
  private String remoteTarget;

  DialogRoute(UserAgent agent, Parties parties, DialogPath path, String remoteTarget) {
    this.agent = agent;
    this.parties = parties;
    this.path = path;
    this.remoteTarget = remoteTarget;
  }

  Dialogs.Id id() {
    return parties.id();
  }

  String remoteTarget() {
    return remoteTarget;
  }

  /// The peer is to be reached here from now on.
  void target(String uri) {
    remoteTarget = uri;
  }

  /// A target refresh (RFC 3261 §12.2.1.2, §12.2.2).
  void refresh(SipHeaders headers) {
    contact(headers).ifPresent(this::target);
  }

  /// The 2xx decides where the dialog goes, whatever provisional responses said (RFC 3261
  /// §13.2.2.4).
  void confirmed(SipResponse ok) {
    parties = new Parties(parties.id(), parties.local(), parties.remote(), routes(ok));
    refresh(ok.headers());
  }

  /// A peer that came back over another connection is reached over that one from now on.
  void cameOver(Flow flow) {
    if (path instanceof DialogPath.Preferred) {
      path = new DialogPath.Preferred(flow);
    }
  }

  /// The URI of the first Contact.
  static Optional<String> contact(SipHeaders headers) {
    return headers.elements("Contact").stream()
        .findFirst()
        .flatMap(NameAddr::parse)
        .map(NameAddr::uri);
  }

  /// Of an answer to us: its Record-Route, nearest first.
  static List<String> routes(SipResponse response) {
    return response.headers().elements("Record-Route").reversed();
  }

  /// A strict router, one whose URI has no `lr`, wants the request to itself and the target last
  /// (RFC 3261 §12.2.1.1).
  RequestHead head(String method, long sequence) {
    Optional<String> strict =
        parties.routes().stream()
            .findFirst()
            .flatMap(NameAddr::parse)
            .map(NameAddr::uri)
            .filter(uri -> !LOOSE.matcher(uri).find());
    return strict
        .map(router -> head(method, sequence, router, strictly()))
        .orElseGet(() -> head(method, sequence, remoteTarget, parties.routes()));
  }

  private List<String> strictly() {
    List<String> others = new ArrayList<>(parties.routes().subList(1, parties.routes().size()));
    others.add("<" + remoteTarget + ">");
    return others;
  }

  private RequestHead head(String method, long sequence, String uri, List<String> routes) {
    return new RequestHead(
        method,
        uri,
        parties.local(),
        parties.remote(),
        id().callId(),
        sequence,
        routes,
        RequestHead.MAX_FORWARDS);
  }

  /// Finds the way; one of the two runs, on the stripe.
  ///
  /// @param then gets the targets, the best first; at least one
  void resolve(Consumer<List<Target>> then, Runnable failed) {
    Optional<Flow> flow =
        switch (path) {
          case DialogPath.Pinned(Flow pinned) -> Optional.of(pinned);
          case DialogPath.Preferred(Flow preferred) ->
              Optional.of(preferred).filter(this::stillBest);
          case DialogPath.Routed() -> Optional.empty();
        };
    if (flow.isPresent()) {
      then.accept(List.of(new Target.Over(flow.get())));
    } else {
      agent.nextHops().find(parties.routes(), remoteTarget, id().callId(), then, failed);
    }
  }

  // Over UDP the Contact is right unless it names another address than the packets come from: then
  // there is a NAT between, and only the source works (RFC 3581).
  private boolean stillBest(Flow flow) {
    if (flow.transport().reliable()) {
      return agent.isOpen(flow);
    }
    String source = flow.remote().getAddress().getHostAddress();
    return parties.routes().isEmpty()
        && SipUri.parse(remoteTarget).map(uri -> !uri.host().equals(source)).orElse(true);
  }
}
