package io.continuo.device;

import io.continuo.device.DeviceConfig.AutoAccept;
import io.continuo.device.message.Mime;
import io.continuo.device.msrp.MsrpSession;
import io.continuo.device.msrp.MsrpUser;
import io.continuo.device.sip.MsrpDescription;
import io.continuo.device.sip.ServerTransaction;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipText;
import io.continuo.device.sip.SipUser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// What the device does with what the network tells it.
///
/// Threading: readers of the device's connections; never waits.
final class Incoming implements SipUser, MsrpUser {
  private static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE";

  private final Device device;
  private final Intake intake;
  private final Queue<Integer> pagerStatuses = new ConcurrentLinkedQueue<>();

  Incoming(Device device, Intake intake) {
    this.device = device;
    this.intake = intake;
  }

  private Mailbox mailbox() {
    return device.mailbox();
  }

  // --- SIP -------------------------------------------------------------------------------------

  @Override
  public void requested(ServerTransaction request) {
    switch (request.request().method()) {
      case "INVITE" -> invited(request);
      case "BYE" -> ended(request);
      case "MESSAGE" -> paged(request);
      case "OPTIONS", "NOTIFY" -> request.respond(request.answer(200).with("Allow", ALLOW));
      case "UPDATE", "INFO" -> request.respond(request.answer(405).with("Allow", ALLOW));
      default -> request.respond(request.answer(501));
    }
  }

  private void invited(ServerTransaction invite) {
    SipRequest request = invite.request();
    if (SipText.parameter(request.headers().required("To"), "tag").isPresent()) {
      invitedAgain(invite);
      return;
    }
    List<Mime> parts = Mime.parts(contentType(request), request.body());
    Optional<MsrpDescription> offer = part(parts, "application/sdp").flatMap(this::description);
    if (offer.isEmpty() || device.config().pager()) {
      invite.respond(invite.answer(488));
      return;
    }
    Chat chat = chat(invite);
    chat.offered(offer.get());
    device.chats().add(chat);
    boolean accepts = accepts(request, offer.get(), chat.isOwn());
    if (!accepts) {
      invite.respond(invite.answer(180).with("Contact", device.contact()));
    }
    mailbox().put(new Happening.Invited(chat, accepts));
    part(parts, "message/cpim").ifPresent(first -> take(chat, request.callId(), first));
    if (accepts) {
      chat.accept();
    }
  }

  private Optional<MsrpDescription> description(Mime sdp) {
    return MsrpDescription.parse(new String(sdp.content(), StandardCharsets.UTF_8));
  }

  private static Optional<Mime> part(List<Mime> parts, String type) {
    return parts.stream()
        .filter(part -> part.contentType().toLowerCase(Locale.ROOT).startsWith(type))
        .findFirst();
  }

  private static String contentType(SipRequest request) {
    return request.headers().first("Content-Type").orElse("text/plain");
  }

  private Chat chat(ServerTransaction invite) {
    SipHeaders headers = invite.request().headers();
    String from = headers.first("P-Asserted-Identity").orElse(headers.required("From"));
    boolean own = ownAddress(from) || ownAddress(headers.required("From"));
    boolean focus = headers.all("Contact").stream().anyMatch(c -> c.contains("isfocus"));
    String party = own ? headers.required("To") : headers.required("From");
    String address = focus ? headers.required("Contact") : party;
    return new Chat(device, invite.request().callId(), SipText.uri(address), focus, own, invite);
  }

  private boolean ownAddress(String header) {
    return SipText.addressOfRecord(header)
        .equals(SipText.addressOfRecord(device.config().address()));
  }

  private boolean accepts(SipRequest invite, MsrpDescription offer, boolean own) {
    boolean multiClient =
        offer.multiClient() || invite.headers().lists("Supported", "multi-client");
    AutoAccept policy = device.config().autoAccept();
    return switch (policy) {
      case NONE -> false;
      case OWN_SESSIONS -> own && multiClient;
      case MULTI_CLIENT -> multiClient;
      case ALL -> true;
    };
  }

  private void invitedAgain(ServerTransaction invite) {
    Optional<Chat> chat = device.chats().find(invite.request().callId());
    if (chat.isEmpty() || chat.get().isEnded()) {
      invite.respond(invite.answer(481));
    } else {
      String setup = chat.get().connects() ? "active" : "passive";
      String sdp = device.describe(chat.get().msrp(), setup).text();
      invite.respond(
          invite
              .answer(200)
              .with("Contact", device.contact())
              .with("application/sdp", sdp.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void ended(ServerTransaction bye) {
    Optional<Chat> chat = device.chats().find(bye.request().callId());
    if (chat.isEmpty()) {
      bye.respond(bye.answer(481));
      return;
    }
    chat.get().abandon();
    String reason = bye.request().headers().first("Reason").orElse("");
    mailbox().put(new Happening.Ended(chat.get(), reason));
    bye.respond(bye.answer(200));
  }

  @Override
  public void cancelled(ServerTransaction invite, SipRequest cancel) {
    device
        .chats()
        .find(invite.request().callId())
        .ifPresent(chat -> {
          chat.reject(487);
          String reason = cancel.headers().first("Reason").orElse("");
          mailbox().put(new Happening.Cancelled(chat, reason));
        });
  }

  @Override
  public void acknowledged(SipRequest ack) {
    device.chats().find(ack.callId()).ifPresent(Chat::acknowledged);
  }

  /// Refuses the next MESSAGE; several calls queue up.
  void refusesNextMessageWith(int status) {
    pagerStatuses.add(status);
  }

  private void paged(ServerTransaction message) {
    Integer refusal = pagerStatuses.poll();
    if (refusal != null) {
      message.respond(message.answer(refusal));
      return;
    }
    SipRequest request = message.request();
    String from =
        request.headers().first("P-Asserted-Identity").orElse(request.headers().required("From"));
    Intake.Origin origin = new Intake.Origin("", SipText.uri(from), request.callId());
    intake.take(
        origin,
        contentType(request),
        request.body(),
        due ->
            device.chore(
                "reports by MESSAGE",
                () ->
                    due.dispositions()
                        .forEach(what -> device.pageReport(due.messageId(), due.sender(), what))));
    message.respond(message.answer(200));
  }

  // --- MSRP ------------------------------------------------------------------------------------

  private void take(Chat chat, String transportId, Mime part) {
    Intake.Origin origin = new Intake.Origin(chat.callId(), chat.party(), transportId);
    intake.take(
        origin,
        part.contentType(),
        part.content(),
        due ->
            device.chore(
                "reports",
                () ->
                    due.dispositions()
                        .forEach(what -> chat.report(due.messageId(), due.sender(), what))));
  }

  @Override
  public void received(MsrpSession session, String messageId, String contentType, byte[] body) {
    device
        .chats()
        .find(session)
        .ifPresent(chat -> take(chat, messageId, Mime.of(contentType, body)));
  }

  @Override
  public void reported(MsrpSession session, String messageId, int status) {
    mailbox().put(new Happening.Reported(messageId, status));
  }

  @Override
  public void bound(MsrpSession session) {
    // Whoever waits for it waits on the session itself.
  }

  @Override
  public void unbound(MsrpSession session) {
    device
        .chats()
        .find(session)
        .filter(Chat::isOpen)
        .ifPresent(chat -> mailbox().put(new Happening.Unbound(chat)));
  }
}
