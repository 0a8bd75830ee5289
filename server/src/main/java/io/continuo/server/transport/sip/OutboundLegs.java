package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.Registrations;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InviteListener;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.sdp.SdpReading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// INVITEs and MESSAGEs of ours, and what becomes of them.
///
/// Threading: any thread; for one leg the stack calls in order.
final class OutboundLegs {
  private static final Logger log = LoggerFactory.getLogger(OutboundLegs.class);

  private static final int REQUEST_TIMEOUT = 408;

  /// Also made by the stack, for a MESSAGE that must not go over UDP.
  private static final int MESSAGE_TOO_LARGE = 513;

  /// A device cannot ask for more: it comes back by registering anyway.
  private static final int MOST_RETRY_AFTER_SECONDS = 3600;

  private static final int FLOW_FAILED = 430;
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int NOT_ACCEPTABLE_HERE = 488;
  private static final int REQUEST_TERMINATED = 487;

  private final OwnAddress own;
  private final DeviceWays ways;
  private final DeviceRequests requests;
  private final MediaText text;
  private final ChatHeaders chatHeaders;
  private final Registrations registrations;
  private final Legs legs;
  private final SipEvents events;
  private final Dialogs dialogs;
  private final SessionExpiry expiry;

  /// Makes who listens to an established leg.
  interface Dialogs {
    /// @param offer of ours in the 2xx, that the ACK is to answer
    DialogListener listener(ChatDialog.Party party, Optional<ChatDialog.Offer> offer);
  }

  OutboundLegs(
      OwnAddress own,
      DeviceWays ways,
      DeviceRequests requests,
      MediaText text,
      ChatHeaders chatHeaders,
      Registrations registrations,
      Legs legs,
      SipEvents events,
      Dialogs dialogs,
      SessionExpiry expiry) {
    this.own = own;
    this.ways = ways;
    this.requests = requests;
    this.text = text;
    this.chatHeaders = chatHeaders;
    this.registrations = registrations;
    this.legs = legs;
    this.events = events;
    this.dialogs = dialogs;
    this.expiry = expiry;
  }

  /// @param peer the other side of a one-to-one chat
  void invite(LegId id, Invitation invitation, Optional<AddressOfRecord> peer) {
    Leg.Outbound leg = Leg.Outbound.calling(invitation, text.offer(invitation.offer()), peer);
    Optional<SipEndpoint> endpoint = own.endpoint();
    if (endpoint.isEmpty() || !legs.add(id, leg)) {
      events.refused(id, SERVICE_UNAVAILABLE, false, Duration.ZERO);
      return;
    }
    attempt(
        endpoint.get(), id, leg, ways.to(invitation.device(), endpoint.get()), expiry.expires());
  }

  /// Sends the INVITE the first of these ways; the others are for when it fails (RFC 5626 §5.3).
  ///
  /// @param interval of the session timer that is asked for
  private void attempt(
      SipEndpoint endpoint, LegId id, Leg.Outbound leg, List<Way> untried, Duration interval) {
    attempt(
        endpoint,
        id,
        leg,
        untried,
        interval,
        requests.invite(untried.getFirst(), leg.invitation(), leg.offer().text(), interval));
  }

  private void attempt(
      SipEndpoint endpoint,
      LegId id,
      Leg.Outbound leg,
      List<Way> untried,
      Duration interval,
      OutboundRequest invite) {
    String contact = invite.headers().first("Contact").orElse("");
    OutboundInvite request =
        endpoint.invite(invite, new Answers(endpoint, id, leg, untried, invite, contact, interval));
    leg.request().set(request);
    if (leg.state().get() == Leg.State.GIVEN_UP) {
      request.cancel(SipHeaders.NONE);
    }
  }

  /// Gives a leg up: CANCEL while it is not answered, BYE afterwards. `accepted` sets the dialog
  /// before it moves the state, so whoever loses that race finds the dialog.
  void end(LegId id, Leg.Outbound leg, SipHeaders inCancel, SipHeaders inBye) {
    OutboundInvite request = leg.request().get();
    SipDialog dialog;
    if (leg.state().compareAndSet(Leg.State.CALLING, Leg.State.GIVEN_UP)) {
      if (request != null) {
        request.cancel(inCancel);
      }
    } else if (leg.state().get() == Leg.State.ANSWERED
        && (dialog = leg.dialog().get()) != null
        && legs.remove(id).isPresent()) {
      dialog.bye(inBye);
    }
  }

  void page(
      LegId leg,
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      int maxForwards,
      ConversationEffect.Deliver message) {
    Optional<SipEndpoint> endpoint = own.endpoint();
    if (endpoint.isEmpty()) {
      events.paged(leg, message.sequence(), SERVICE_UNAVAILABLE);
      return;
    }
    Page page = new Page(leg, device, from, to, replyTo, maxForwards, message);
    send(endpoint.get(), page, ways.to(device, endpoint.get()));
  }

  private record Page(
      LegId leg,
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      int maxForwards,
      ConversationEffect.Deliver message) {}

  /// Sends the MESSAGE the first of these ways; the others are for when it fails.
  private void send(SipEndpoint endpoint, Page page, List<Way> untried) {
    List<Way> others = untried.subList(1, untried.size());
    endpoint.send(
        requests.message(
            untried.getFirst(),
            page.from(),
            page.to(),
            page.replyTo(),
            page.maxForwards(),
            page.message()),
        response -> {
          noteFlow(page.device(), untried.getFirst(), response);
          boolean wrongWay =
              meansFlowFailed(response.status()) || response.status() == MESSAGE_TOO_LARGE;
          if (wrongWay && !others.isEmpty()) {
            send(endpoint, page, others);
          } else {
            registrations.attempted(page.device().id(), response.status());
            leaveAlone(page.device(), response);
            events.paged(page.leg(), page.message().sequence(), response.status());
          }
        });
  }

  /// Whether the way is to blame rather than the device: the edge lost the flow (RFC 5626 §5.3), or
  /// nobody answered, or the request could not be sent.
  private static boolean meansFlowFailed(int status) {
    return switch (status) {
      case FLOW_FAILED, REQUEST_TIMEOUT, SERVICE_UNAVAILABLE -> true;
      default -> false;
    };
  }

  /// RFC 5626 §5.3: a flow that failed at the edge proxy is not bound any more.
  private void noteFlow(Device device, Way way, SipResponse response) {
    if (response.status() == FLOW_FAILED) {
      device.routes().stream()
          .filter(route -> route.contact().equals(way.uri()))
          .filter(route -> DeviceWays.path(route).equals(way.routes()))
          .forEach(route -> registrations.flowFailed(device.id(), route.contact(), route.path()));
    }
  }

  /// RFC 3261 §20.33: who says when to come back is left alone so long.
  private Duration leaveAlone(Device device, SipResponse response) {
    OptionalInt asked = ChatHeaders.seconds(response.headers(), "Retry-After");
    if (response.status() != SERVICE_UNAVAILABLE || asked.isEmpty()) {
      return Duration.ZERO;
    }
    Duration wait = Duration.ofSeconds(Math.min(asked.getAsInt(), MOST_RETRY_AFTER_SECONDS));
    registrations.leaveAlone(device.id(), wait);
    return wait;
  }

  /// Whether it was made here, since the connection is gone: that a device rang over it does not
  /// keep its other flows from being tried.
  private static boolean isUnsent(SipResponse response) {
    return response.status() == SERVICE_UNAVAILABLE && !response.headers().has("CSeq");
  }

  /// Told by the stack what a device answers.
  private final class Answers implements InviteListener {
    private final LegId id;
    private final Leg.Outbound leg;
    private final String contact;
    private final SipEndpoint endpoint;
    private final List<Way> untried;
    private final OutboundRequest sent;
    private final Duration interval;
    private boolean rang;

    /// @param untried the way that is taken, and those that were not tried yet
    /// @param interval that was asked for
    Answers(
        SipEndpoint endpoint,
        LegId id,
        Leg.Outbound leg,
        List<Way> untried,
        OutboundRequest sent,
        String contact,
        Duration interval) {
      this.endpoint = endpoint;
      this.id = id;
      this.leg = leg;
      this.contact = contact;
      this.untried = untried;
      this.sent = sent;
      this.interval = interval;
    }

    @Override
    public void provisional(SipResponse response) {
      if (response.status() >= 180) {
        rang = true;
        events.ringing(id);
      }
    }

    @Override
    public DialogListener accepted(SipDialog dialog, SipResponse response) {
      boolean first = leg.dialog().compareAndSet(null, dialog);
      if (!first || !leg.state().compareAndSet(Leg.State.CALLING, Leg.State.ANSWERED)) {
        return superfluous(dialog);
      }
      return switch (MediaText.readAnswer(response.body(), leg.offer().media())) {
        case SdpReading.Usable usable -> established(dialog, response, usable);
        case SdpReading.NotAcceptable(String reason) -> unusable(dialog, reason);
      };
    }

    /// A second fork downstream accepted, or our CANCEL crossed the 2xx (RFC 3261 §9.1, §13.2.2.4).
    private DialogListener superfluous(SipDialog dialog) {
      log.atInfo().addKeyValue("leg", id).log("sip.superfluous-answer-ended");
      dialog.bye(SipHeaders.NONE);
      if (leg.state().get() == Leg.State.GIVEN_UP) {
        ended(REQUEST_TERMINATED, false, Duration.ZERO);
      }
      return new EndedDialog();
    }

    private DialogListener established(
        SipDialog dialog, SipResponse response, SdpReading.Usable answer) {
      Device device = leg.invitation().device();
      registrations.attempted(device.id(), response.status());
      MsrpMedia media =
          MediaText.media(answer.message(), MsrpMedia.Setup.PASSIVE, chatHeaders.marked(response));
      ChatDialog.Party party =
          new ChatDialog.Party(
              id, device, leg.peer(), contact, ChatHeaders.allows(response.headers(), "UPDATE"));
      leg.agreed().set(new ChatDialog.Agreed(party, MediaText.answered(leg.offer(), media), media));
      events.accepted(id, media, untried.getFirst().flow().map(Authentication::source));
      expiry.agreed(response).ifPresent(timer -> events.refreshed(id, Optional.of(timer)));
      return dialogs.listener(party, Optional.empty());
    }

    private DialogListener unusable(SipDialog dialog, String reason) {
      log.atInfo().addKeyValue("leg", id).addKeyValue("reason", reason).log("sip.answer-unusable");
      dialog.bye(ChatHeaders.unusableAnswer(reason));
      ended(NOT_ACCEPTABLE_HERE, false, Duration.ZERO);
      return new EndedDialog();
    }

    @Override
    public void refused(SipResponse response) {
      List<Way> others = untried.subList(1, untried.size());
      noteFlow(leg.invitation().device(), untried.getFirst(), response);
      boolean another =
          !others.isEmpty() && (!rang || isUnsent(response)) && meansFlowFailed(response.status());
      Optional<Duration> longer = SessionExpiry.longer(response, interval);
      if (leg.state().get() != Leg.State.CALLING) {
        finallyRefused(response);
      } else if (longer.isPresent()) {
        OutboundRequest again = expiry.askedAgain(sent, response, longer.get());
        attempt(endpoint, id, leg, untried, longer.get(), again);
      } else if (another) {
        attempt(endpoint, id, leg, others, interval);
      } else {
        finallyRefused(response);
      }
    }

    private void finallyRefused(SipResponse response) {
      Duration wait = Duration.ZERO;
      if (leg.state().compareAndSet(Leg.State.CALLING, Leg.State.ANSWERED)) {
        registrations.attempted(leg.invitation().device().id(), response.status());
        wait = leaveAlone(leg.invitation().device(), response);
      }
      ended(response.status(), ChatHeaders.allows(response.headers(), "MESSAGE"), wait);
    }

    private void ended(int status, boolean takesMessage, Duration wait) {
      legs.remove(id).ifPresent(gone -> events.refused(id, status, takesMessage, wait));
    }
  }
}
