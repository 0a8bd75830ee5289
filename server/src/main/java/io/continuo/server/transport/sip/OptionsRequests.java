package io.continuo.server.transport.sip;

import io.continuo.server.registrar.Registrations;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.List;
import java.util.Optional;

/// OPTIONS (RFC 3261 §11.2): what we can do; and from a device that is known beyond doubt, a sign
/// of life. Asking the server itself needs no credentials, asking for a user does, so that nobody
/// can find out who exists.
final class OptionsRequests {
  private final Authentication authentication;
  private final Targets targets;
  private final ChatHeaders chatHeaders;
  private final Registrations registrations;
  private final Gruus gruus;

  OptionsRequests(
      Authentication authentication,
      Targets targets,
      ChatHeaders chatHeaders,
      Registrations registrations,
      Gruus gruus) {
    this.authentication = authentication;
    this.targets = targets;
    this.chatHeaders = chatHeaders;
    this.registrations = registrations;
    this.gruus = gruus;
  }

  void received(InboundRequest inbound) throws RequestRefused {
    Screening.requiresOnly(
        inbound.request(), tag -> InviteRequests.understands(chatHeaders, tag)); // RFC 3261 §11.2
    Target target = targets.of(inbound.request().uri());
    Optional<Originator> who = who(inbound, target instanceof Target.Server);
    if (target instanceof Target.Absent) {
      throw Refusals.absent();
    }
    if (target instanceof Target.Unknown) {
      throw new RequestRefused(404, "unknown subscriber");
    }
    who.ifPresent(originator -> learn(inbound, originator));
    inbound.respond(SipResponse.of(200, abilities()));
  }

  private Optional<Originator> who(InboundRequest inbound, boolean anybodyMayAsk)
      throws RequestRefused {
    try {
      return Optional.of(authentication.authenticate(inbound, "From"));
    } catch (RequestRefused refused) {
      if (anybodyMayAsk && refused.refusal().reason().equals(Refusals.NO_CREDENTIALS)) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  private void learn(InboundRequest inbound, Originator originator) {
    Screening.contact(inbound.request())
        .map(gruus::resolved)
        .ifPresent(contact ->
            registrations.seen(
                originator.subscriber().address(),
                contact,
                List.of(),
                Screening.deviceFlow(inbound, originator.throughCore())));
  }

  private SipHeaders abilities() {
    return chatHeaders.mark(
        SipHeaders.of(
            "Allow",
            SipGateway.ALLOW,
            "Accept",
            InviteRequests.ACCEPTED + ", " + String.join(", ", MessageRequests.TYPES),
            "Accept-Encoding",
            "identity",
            "Supported",
            "path, outbound, gruu, 100rel, timer"));
  }
}
