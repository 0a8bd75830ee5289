package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Invitation;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Writes requests to one device. They name this device, the originator's public address and us,
/// and nothing of any other device.
final class DeviceRequests {
  private final SipSettings settings;
  private final OwnAddress own;
  private final ChatHeaders chatHeaders;

  DeviceRequests(SipSettings settings, OwnAddress own, ChatHeaders chatHeaders) {
    this.settings = settings;
    this.own = own;
    this.chatHeaders = chatHeaders;
  }

  /// How to get to a device.
  ///
  /// @param routes values of Route
  /// @param acceptContact picks the device when the Request-URI names all of its subscriber's (RFC
  ///   3841 §7)
  private record Way(
      String uri, List<String> routes, Optional<String> acceptContact, NextHop nextHop) {
    boolean tcp() {
      return switch (nextHop) {
        case NextHop.OverFlow(Flow flow) -> flow.transport() == Flow.Transport.TCP;
        case NextHop.ByRoute() ->
            (routes.isEmpty() ? uri : routes.getFirst())
                .toLowerCase(Locale.ROOT)
                .contains("transport=tcp");
      };
    }
  }

  OutboundRequest invite(SipEndpoint endpoint, Invitation invitation, byte[] sdp) {
    Way way = way(endpoint, invitation.device());
    SipHeaders headers =
        parties(invitation.from(), invitation.to())
            .with("Contact", own.contact(invitation.focus().orElse(""), way.tcp()))
            .with("Allow", SipGateway.ALLOW)
            .with("Accept-Contact", "*;+g.oma.sip-im")
            .with("Expires", Long.toString(invitation.expires().toSeconds()));
    headers = routed(chatHeaders.mark(headers), way);
    headers = ChatHeaders.identify(headers, invitation.headers());
    return new OutboundRequest(
        "INVITE", way.uri(), headers.with("Content-Type", MediaText.TYPE), sdp, way.nextHop());
  }

  /// A pager MESSAGE. In a group From is the author, as a reader expects, and the way to answer
  /// everybody is Reply-To (RFC 3261 §20.31): RFC 3428 §4 forbids Contact, and P-Asserted-Identity
  /// must name who speaks. A client that knows neither answers the author alone, never a wrong one;
  /// an OMA CPM client finds the group in CPIM To as well.
  OutboundRequest message(
      SipEndpoint endpoint,
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      ConversationEffect.Deliver message) {
    Way way = way(endpoint, device);
    SipHeaders headers = routed(parties(from, to), way).with("Content-Type", message.contentType());
    if (replyTo.isPresent()) {
      headers = headers.with("Reply-To", bracketed(replyTo.get()));
    }
    return new OutboundRequest("MESSAGE", way.uri(), headers, message.body(), way.nextHop());
  }

  private static SipHeaders parties(AddressOfRecord from, String to) {
    return SipHeaders.of(
        "From", "<" + from + ">",
        "To", bracketed(to),
        "P-Asserted-Identity", "<" + from + ">");
  }

  private static SipHeaders routed(SipHeaders headers, Way way) {
    SipHeaders result = headers;
    for (String route : way.routes()) {
      result = result.with("Route", route);
    }
    return way.acceptContact().isPresent()
        ? result.with("Accept-Contact", way.acceptContact().get())
        : result;
  }

  /// Over an open flow when there is one, else by its first route.
  private Way way(SipEndpoint endpoint, Device device) {
    for (DeviceRoute route : device.routes()) {
      Optional<Flow> flow = route.flow().flatMap(Flow::parse).filter(endpoint::isOpen);
      if (flow.isPresent()) {
        List<String> routes = route.path().stream().map(DeviceRequests::bracketed).toList();
        return new Way(route.contact(), routes, Optional.empty(), new NextHop.OverFlow(flow.get()));
      }
    }
    return byRoute(device);
  }

  private Way byRoute(Device device) {
    DeviceRoute route = device.route();
    List<String> routes = new ArrayList<>();
    boolean throughCore = route.flow().isEmpty() && !settings.outboundProxy().isEmpty();
    if (throughCore) {
      routes.add(bracketed(settings.outboundProxy()));
    }
    Optional<String> one = oneDevice(route);
    if (one.isEmpty()) {
      return new Way(device.id().owner().uri(), routes, thisDevice(device), new NextHop.ByRoute());
    }
    if (!one.get().equals(route.features().get("pub-gruu"))) {
      route.path().forEach(path -> routes.add(bracketed(path)));
    }
    return new Way(one.get(), routes, Optional.empty(), new NextHop.ByRoute());
  }

  /// A URI that reaches this device only: its GRUU from the core (RFC 5627 §3.1), else its Contact.
  private static Optional<String> oneDevice(DeviceRoute route) {
    Predicate<String> usable = uri -> uri.matches("(?i)sips?:.+");
    return Optional.ofNullable(route.features().get("pub-gruu"))
        .filter(gruu -> route.flow().isEmpty())
        .filter(usable)
        .or(() -> Optional.of(route.contact()).filter(usable));
  }

  private static Optional<String> thisDevice(Device device) {
    return Optional.of(device.id().instance())
        .filter(instance -> instance.startsWith("urn:"))
        .map(instance -> "*;+sip.instance=\"<" + instance + ">\";require;explicit");
  }

  private static String bracketed(String uri) {
    return uri.contains("<") ? uri : "<" + uri + ">";
  }
}
