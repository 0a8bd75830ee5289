package io.continuo.device;

import io.continuo.device.message.Composing;
import io.continuo.device.message.Cpim;
import io.continuo.device.msrp.MsrpSession;
import io.continuo.device.msrp.Outgoing;
import io.continuo.device.sip.ClientTransaction;
import io.continuo.device.sip.MsrpDescription;
import io.continuo.device.sip.NotInTime;
import io.continuo.device.sip.ServerTransaction;
import io.continuo.device.sip.SipDialog;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One chat session on one device: an INVITE dialog and its MSRP session.
///
/// Threading: any thread; every wait ends with the device's patience.
public final class Chat {
  private final Device device;
  private final String callId;
  private final String party;
  private final boolean group;
  private final boolean own;
  private final MsrpSession msrp;
  private final @Nullable ServerTransaction invited;
  private final CompletableFuture<Void> ringing = new CompletableFuture<>();
  private final CompletableFuture<Integer> answer = new CompletableFuture<>();
  private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
  private volatile @Nullable ClientTransaction inviting;
  private volatile @Nullable SipDialog dialog;
  private volatile @Nullable MsrpDescription peer;
  private volatile @Nullable String focus;
  private volatile boolean ended;
  private volatile boolean cancelled;
  private volatile boolean connects;

  /// @param party the other side: the addressee, or who invites
  /// @param own whether the device's own subscriber started it on another device
  /// @param invited the INVITE when the device was invited
  Chat(
      Device device,
      String callId,
      String party,
      boolean group,
      boolean own,
      @Nullable ServerTransaction invited) {
    this.device = device;
    this.callId = callId;
    this.party = party;
    this.group = group;
    this.own = own;
    this.invited = invited;
    this.msrp = device.endpoint().open();
    this.focus = group && invited != null ? party : null;
  }

  public String callId() {
    return callId;
  }

  /// The other side's address as SIP named it.
  public String party() {
    return party;
  }

  public boolean isGroup() {
    return group;
  }

  /// Whether the device's own subscriber started it on another device.
  public boolean isOwn() {
    return own;
  }

  /// The focus of a group: an INVITE to it comes back to the group (RFC 4579 §5.2).
  public Optional<String> focus() {
    return Optional.ofNullable(focus);
  }

  public MsrpSession msrp() {
    return msrp;
  }

  public boolean isEnded() {
    return ended;
  }

  /// The other side's session description, once there is one.
  public Optional<MsrpDescription> peer() {
    return Optional.ofNullable(peer);
  }

  /// The INVITE that came, when the device was invited.
  public Optional<SipRequest> invitation() {
    return Optional.ofNullable(invited).map(ServerTransaction::request);
  }

  // --- inviting --------------------------------------------------------------------------------

  void invites(ClientTransaction invite) {
    inviting = invite;
  }

  void rings() {
    ringing.complete(null);
  }

  /// Waits until it rings somewhere: the first 180 to the INVITE.
  public void awaitRinging() {
    NotInTime.await(ringing, device.config().patience(), "a 180 to the INVITE");
  }

  void accepted(ClientTransaction invite, SipResponse response) {
    SipDialog established = SipDialog.inviting(invite, response);
    dialog = established;
    String contact = response.headers().required("Contact");
    focus = contact.contains("isfocus") ? SipText.uri(contact) : null;
    Optional<MsrpDescription> description =
        MsrpDescription.parse(new String(response.body(), StandardCharsets.UTF_8));
    if (device.config().offersNothing() && !cancelled && description.isPresent()) {
      answers(invite, established, description.get());
      return;
    }
    device.agent().acknowledge(invite, established);
    if (cancelled || description.isEmpty()) {
      device.chore("ends a chat that nobody wants", () -> bye(""));
      return;
    }
    description.ifPresent(said -> {
      boolean peerConnects = said.setup().orElse("passive").equals("active");
      agreed(said, !peerConnects);
      connectsWhenAgreed();
    });
  }

  /// The offer was the server's: our answer goes with the ACK.
  private void answers(ClientTransaction invite, SipDialog established, MsrpDescription offer) {
    boolean weConnect = device.connectsTo(offer);
    MsrpDescription ours = device.describe(msrp, weConnect ? "active" : "passive");
    agreed(offer, weConnect);
    device.agent().acknowledge(invite, established, ours.text().getBytes(StandardCharsets.UTF_8));
    connectsWhenAgreed();
  }

  void refused(int status) {
    ended = true;
    msrp.close();
    answer.complete(status);
  }

  /// Waits for the final answer to the INVITE: 200, or the refusal's status.
  public int awaitAnswer() {
    return NotInTime.await(answer, device.config().patience(), "an answer to the INVITE");
  }

  /// Gives up the INVITE.
  public void cancel() {
    ClientTransaction invite = inviting;
    if (invite == null) {
      throw new IllegalStateException("this device was invited, it cannot cancel");
    }
    cancelled = true;
    device.agent().cancel(invite, SipHeaders.NONE, response -> {});
  }

  boolean isCancelled() {
    return cancelled;
  }

  // --- invited ---------------------------------------------------------------------------------

  void offered(MsrpDescription offer) {
    peer = offer;
  }

  private ServerTransaction invitedBy() {
    ServerTransaction invite = invited;
    if (invite == null) {
      throw new IllegalStateException("this device was not invited");
    }
    return invite;
  }

  /// 200 with our answer.
  public void accept() {
    ServerTransaction invite = invitedBy();
    MsrpDescription offer = peer;
    if (offer == null || invite.isAnswered()) {
      throw new IllegalStateException("nothing to accept");
    }
    boolean weConnect = device.connectsTo(offer);
    dialog = SipDialog.invited(invite);
    MsrpDescription ours = device.describe(msrp, weConnect ? "active" : "passive");
    SipResponse response =
        invite
            .answer(200)
            .with("Contact", device.contact())
            .with("application/sdp", ours.text().getBytes(StandardCharsets.UTF_8));
    if (device.config().multiClient()) {
      response = response.with("Supported", "multi-client");
    }
    // Open before the 200 leaves: who reads it may use the session, and drop it, at once.
    agreed(offer, weConnect);
    invite.respond(response);
    connectsWhenAgreed();
  }

  /// Refuses the INVITE.
  public void reject(int status) {
    invitedBy().respond(invitedBy().answer(status));
    refused(status);
  }

  void acknowledged() {
    acknowledged.complete(null);
  }

  /// Waits for the ACK to our 200.
  public void awaitAck() {
    NotInTime.await(acknowledged, device.config().patience(), "the ACK");
  }

  /// From here on the chat is open.
  private void agreed(MsrpDescription description, boolean weConnect) {
    peer = description;
    msrp.peer(description.path());
    connects = weConnect;
    answer.complete(200);
  }

  private void connectsWhenAgreed() {
    if (connects) {
      device.chore("connects its MSRP session", () -> msrp.connect(device.config().patience()));
    }
  }

  // --- established -----------------------------------------------------------------------------

  /// Waits until messages can be sent: the INVITE is answered and MSRP is bound.
  public void awaitEstablished() {
    int status = awaitAnswer();
    if (status != 200) {
      throw new IllegalStateException("the INVITE was refused with " + status);
    }
    msrp.awaitBound(device.config().patience());
  }

  /// The address that CPIM To carries here.
  String addressee() {
    return SipText.addressOfRecord(party);
  }

  /// Sends a text and asks for both receipts.
  public Sent send(String text) {
    return send(text, UUID.randomUUID().toString());
  }

  /// Sends a text under a given `imdn.Message-ID`.
  public Sent send(String text, String messageId) {
    return send(text, messageId, Outgoing.DEFAULT_CHUNK);
  }

  /// Sends a text under a given `imdn.Message-ID`, in chunks of a given size.
  public Sent send(String text, String messageId, int chunkSize) {
    byte[] raw = device.own().text(addressee(), messageId, text, callId);
    return send(messageId, new Outgoing(SipText.random(10), Cpim.TYPE, raw).inChunksOf(chunkSize));
  }

  /// Sends any body as it is.
  public Sent send(String id, Outgoing message) {
    awaitEstablished();
    return new Sent(id, msrp.send(message, device.config().patience()));
  }

  /// Reports on a message of somebody's.
  public Sent report(String messageId, String sender, String disposition) {
    String id = UUID.randomUUID().toString();
    byte[] raw = device.own().report(messageId, sender, disposition, id);
    return send(id, new Outgoing(SipText.random(10), Cpim.TYPE, raw));
  }

  /// Says that the user types, or has stopped.
  public Sent composes(boolean active) {
    String id = SipText.random(10);
    return send(id, new Outgoing(id, Composing.TYPE, new Composing(active).bytes()));
  }

  /// A bodiless SEND whose 200 proves that nothing is on its way to this device over MSRP.
  public void barrier() {
    awaitEstablished();
    int status =
        NotInTime.await(
            msrp.probe(device.config().patience()),
            device.config().patience(),
            "the barrier's 200");
    if (status != 200) {
      throw new IllegalStateException("the barrier was answered " + status);
    }
  }

  /// From here on its requests within the dialog go to this URI, whatever the other side's Contact
  /// says, as Blink does with a GRUU (RFC 5627 §4.4).
  public void addresses(String uri) {
    SipDialog established = dialog;
    if (established == null) {
      throw new IllegalStateException("no dialog yet");
    }
    dialog = established.to(uri);
  }

  /// Ends the chat on this device and waits for the answer.
  ///
  /// @param reason the Reason header, as in `SIP;cause=200`; empty: none
  public int bye(String reason) {
    SipDialog established = dialog;
    if (established == null) {
      throw new IllegalStateException("no dialog to end");
    }
    ended = true;
    SipHeaders extra = reason.isEmpty() ? SipHeaders.NONE : SipHeaders.NONE.with("Reason", reason);
    int status =
        device
            .agent()
            .call(
                established.request("BYE", extra, new byte[0]),
                established,
                device.config().patience())
            .status();
    abandon();
    return status;
  }

  /// Offers the same session by UPDATE with another direction (RFC 3264 §8.4): `sendonly` and
  /// `inactive` put it on hold, `sendrecv` takes it off.
  ///
  /// @return the answer's direction; empty when it is refused or says none
  public Optional<String> direct(String direction) {
    SipDialog established = dialog;
    if (established == null) {
      throw new IllegalStateException("no dialog to change");
    }
    String offer =
        device
            .describe(msrp, connects ? "active" : "passive")
            .text()
            .replace("a=sendrecv", "a=" + direction);
    SipHeaders extra =
        SipHeaders.NONE.with("Contact", device.contact()).with("Content-Type", "application/sdp");
    SipResponse answer =
        device
            .agent()
            .call(
                established.request("UPDATE", extra, offer.getBytes(StandardCharsets.UTF_8)),
                established,
                device.config().patience());
    return new String(answer.body(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.matches("a=(sendrecv|sendonly|recvonly|inactive)"))
        .map(line -> line.substring(2))
        .findFirst();
  }

  /// Asks for an offer by a re-INVITE without SDP (RFC 3261 §14.2).
  ///
  /// @param answer whether the ACK answers it, with the session as it is
  /// @return the offer; empty when the re-INVITE is refused
  public Optional<MsrpDescription> asksForAnOffer(boolean answer) {
    SipDialog established = dialog;
    if (established == null) {
      throw new IllegalStateException("no dialog to change");
    }
    CompletableFuture<SipResponse> answered = new CompletableFuture<>();
    ClientTransaction invite =
        device
            .agent()
            .send(
                established.request(
                    "INVITE", SipHeaders.NONE.with("Contact", device.contact()), new byte[0]),
                established,
                response -> {
                  if (!response.isProvisional()) {
                    answered.complete(response);
                  }
                });
    SipResponse response =
        NotInTime.await(answered, device.config().patience(), "an answer to the re-INVITE");
    if (!response.isSuccess()) {
      return Optional.empty();
    }
    MsrpDescription ours = device.describe(msrp, connects ? "active" : "passive");
    byte[] sdp = answer ? ours.text().getBytes(StandardCharsets.UTF_8) : new byte[0];
    device.agent().acknowledge(invite, established, sdp);
    return MsrpDescription.parse(new String(response.body(), StandardCharsets.UTF_8));
  }

  /// The MSRP connection breaks, without a BYE; the dialog stays.
  public void dropConnection() {
    msrp.dropConnection();
  }

  /// Connects again and binds the session to the new connection.
  ///
  /// @return the status of the binding SEND
  public int rebind() {
    return msrp.connect(device.config().patience());
  }

  /// Whether this side makes the MSRP connection.
  public boolean connects() {
    return connects;
  }

  /// Whether somebody can still be told something here.
  public boolean isOpen() {
    return !ended && answer.isDone() && answer.join() == 200;
  }

  /// Forgets the session without telling anybody.
  public void abandon() {
    ended = true;
    msrp.close();
  }

  /// For messages about it.
  @Override
  public String toString() {
    return "chat with " + List.of(SipText.user(party));
  }
}
