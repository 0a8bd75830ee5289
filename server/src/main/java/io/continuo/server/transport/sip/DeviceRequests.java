package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Invitation;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.AnonymousUri;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipHeaders;
import java.time.Duration;
import java.util.Optional;

/// Writes requests to one device. They name this device, the originator's public address and us,
/// and nothing of any other device. Each is signed with an [OriginToken].
final class DeviceRequests {
  private static final String ASSERTED = "P-Asserted-Identity";

  private final OwnAddress own;
  private final ChatHeaders chatHeaders;
  private final OriginToken tokens;
  private final SessionExpiry expiry;

  DeviceRequests(
      OwnAddress own, ChatHeaders chatHeaders, OriginToken tokens, SessionExpiry expiry) {
    this.own = own;
    this.chatHeaders = chatHeaders;
    this.tokens = tokens;
    this.expiry = expiry;
  }

  /// @param interval of the session timer that is asked for
  OutboundRequest invite(Way way, Invitation invitation, byte[] sdp, Duration interval) {
    String shown = invitation.anonymous() ? AnonymousUri.TEXT : invitation.from().uri();
    String token = tokens.mint(shown, invitation.to());
    SipHeaders headers =
        asserted(
                parties(shown, invitation.to(), token),
                invitation.from(),
                invitation.anonymous(),
                way)
            .with("Contact", contact(way, invitation, token))
            .with("Allow", SipGateway.ALLOW)
            .with("Accept-Contact", "*;+g.oma.sip-im")
            .with("Expires", Long.toString(invitation.expires().toSeconds()))
            .with("Max-Forwards", Integer.toString(invitation.maxForwards()));
    headers = expiry.asked(routed(chatHeaders.mark(headers), way, token), interval);
    headers = ChatHeaders.identify(headers, invitation.headers());
    return new OutboundRequest(
        "INVITE", way.uri(), headers.with("Content-Type", MediaText.TYPE), sdp, way.nextHop());
  }

  private String contact(Way way, Invitation invitation, String token) {
    return own.contact(
        invitation.focus().orElse(""), way.transport(), ";" + OriginToken.PARAMETER + "=" + token);
  }

  /// A pager MESSAGE. In a group From is the author, as a reader expects, and the way to answer
  /// everybody is Reply-To (RFC 3261 §20.31): RFC 3428 §4 forbids Contact, and P-Asserted-Identity
  /// must name who speaks. A client that knows neither answers the author alone, never a wrong one;
  /// an OMA CPM client finds the group in CPIM To as well.
  OutboundRequest message(
      Way way,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      int maxForwards,
      ConversationEffect.Deliver message) {
    String shown = message.anonymous() ? AnonymousUri.TEXT : from.uri();
    String token = tokens.mint(shown, to);
    SipHeaders headers =
        asserted(routed(parties(shown, to, token), way, token), from, message.anonymous(), way)
            .with("Content-Type", message.contentType())
            .with("Max-Forwards", Integer.toString(maxForwards));
    if (replyTo.isPresent()) {
      headers = headers.with("Reply-To", DeviceWays.bracketed(replyTo.get()));
    }
    return new OutboundRequest(
        "MESSAGE", way.uri(), headers, message.body().whole(), way.nextHop());
  }

  private static SipHeaders parties(String shown, String to, String token) {
    return SipHeaders.of("From", "<" + shown + ">;tag=" + token, "To", DeviceWays.bracketed(to));
  }

  /// With who asserts to be the originator. Who asked for privacy is named to the core only, which
  /// must not tell it either (RFC 3325 §7).
  private static SipHeaders asserted(
      SipHeaders headers, AddressOfRecord from, boolean anonymous, Way way) {
    SipHeaders named = headers.with(ASSERTED, "<" + from + ">");
    if (!anonymous) {
      return named;
    }
    return (way.toCore() ? named : headers).with("Privacy", "id");
  }

  /// With its Route; the one to the core is signed.
  private static SipHeaders routed(SipHeaders headers, Way way, String token) {
    SipHeaders result = headers;
    for (int i = 0; i < way.routes().size(); i++) {
      String route = way.routes().get(i);
      result = result.with("Route", way.toCore() && i == 0 ? signed(route, token) : route);
    }
    return way.acceptContact().isPresent()
        ? result.with("Accept-Contact", way.acceptContact().get())
        : result;
  }

  private static String signed(String route, String token) {
    return route.replaceFirst(">", ";" + OriginToken.PARAMETER + "=" + token + ">");
  }
}
