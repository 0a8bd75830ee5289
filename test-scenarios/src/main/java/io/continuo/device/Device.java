package io.continuo.device;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import io.continuo.device.message.Cpim;
import io.continuo.device.message.Mime;
import io.continuo.device.msrp.MsrpEndpoint;
import io.continuo.device.msrp.MsrpSession;
import io.continuo.device.sip.ClientTransaction;
import io.continuo.device.sip.MsrpDescription;
import io.continuo.device.sip.SipAgent;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A device: registers, invites and is invited, pages, and keeps a [Mailbox]. It listens on free
/// ports of its own from the moment it is made.
///
/// Threading: any thread. Whatever waits, waits at most for the configured patience and then throws
/// [io.continuo.device.sip.NotInTime].
public final class Device implements AutoCloseable {
  /// How long a device waits for anything, unless configured otherwise.
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int RINGING = 180;

  private static final List<String> WRAPPED =
      List.of("text/plain", "message/imdn+xml", "application/im-iscomposing+xml");

  private final DeviceConfig config;
  private final Ladder.Lane lane;
  private final Wiretap wiretap = new Wiretap();
  private final Mailbox mailbox;
  private final Requests requests;
  private final Incoming incoming;
  private final SipAgent agent;
  private final MsrpEndpoint endpoint;
  private final Registering registering;
  private final OwnMessages own;
  private final Chats chats = new Chats();
  private volatile boolean alive = true;

  public Device(DeviceConfig config, Ladder ladder) {
    this(config, ladder, new Mailbox());
  }

  /// A device that was switched off and on again: it still has its messages.
  public Device(DeviceConfig config, Ladder ladder, Mailbox mailbox) {
    this.config = config;
    this.mailbox = mailbox;
    this.lane = ladder.lane(config.name());
    this.requests = new Requests(config);
    this.registering = new Registering(config, requests);
    this.own = new OwnMessages(config.address(), mailbox);
    this.incoming = new Incoming(this, new Intake(config, mailbox));
    this.agent =
        new SipAgent(config.transport(), config.server(), config.host(), lane, wiretap, incoming);
    this.endpoint = new MsrpEndpoint(agent.local().getAddress(), lane, wiretap, incoming);
  }

  public DeviceConfig config() {
    return config;
  }

  public Mailbox mailbox() {
    return mailbox;
  }

  /// Every byte sent and received.
  public Wiretap wiretap() {
    return wiretap;
  }

  SipAgent agent() {
    return agent;
  }

  MsrpEndpoint endpoint() {
    return endpoint;
  }

  Ladder.Lane lane() {
    return lane;
  }

  OwnMessages own() {
    return own;
  }

  Chats chats() {
    return chats;
  }

  /// The chats that were not ended, refused or cancelled, oldest first.
  public List<Chat> openChats() {
    return chats.where(Chat::isOpen);
  }

  /// Where it takes SIP.
  public InetSocketAddress local() {
    return agent.local();
  }

  /// `sip:` URI that reaches this device's own port.
  public String uri() {
    return "sip:"
        + SipText.user(config.address())
        + "@"
        + SipText.host(agent.local().getAddress())
        + ":"
        + agent.local().getPort()
        + ";transport="
        + agent.transport().name().toLowerCase(java.util.Locale.ROOT);
  }

  /// The Contact header value.
  String contact() {
    return "<" + uri() + ">" + requests.contactParameters();
  }

  // --- registration ----------------------------------------------------------------------------

  /// REGISTERs, or refreshes: the final status.
  public int register() {
    return register(config.expires()).status();
  }

  /// REGISTERs for some seconds and answers one challenge; the final answer.
  public SipResponse register(int expires) {
    return registering.register(agent, contact(), expires);
  }

  /// Whether its last REGISTER that was accepted made a binding.
  public boolean isRegistered() {
    return registering.isRegistered();
  }

  /// Removes this device's binding.
  public int unregister() {
    return register(0).status();
  }

  /// Sends a request outside of a dialog and answers one challenge; the final answer.
  public SipResponse call(SipRequest request) {
    SipResponse first = agent.call(request, null, config.patience());
    return Registering.isChallenge(first)
        ? agent.call(registering.again(first, request), null, config.patience())
        : first;
  }

  /// OPTIONS to the server: its status. Behind a [Chat#barrier] this proves that nothing is on its
  /// way to this device over SIP either.
  public int options() {
    return options("sip:" + config.domain());
  }

  /// OPTIONS to anybody.
  public int options(String uri) {
    return call(requests.options(uri)).status();
  }

  // --- paging ----------------------------------------------------------------------------------

  /// Sends a text as MESSAGE with CPIM.
  public Sent page(String to, String text) {
    String id = UUID.randomUUID().toString();
    return page(to, id, own.text(to, id, text, ""));
  }

  /// Reports on a message by MESSAGE.
  public Sent pageReport(String messageId, String sender, String disposition) {
    String id = UUID.randomUUID().toString();
    return page(sender, id, own.report(messageId, sender, disposition, id));
  }

  private Sent page(String to, String id, byte[] cpim) {
    int status = call(requests.message(to, Cpim.TYPE, cpim)).status();
    return new Sent(id, CompletableFuture.completedFuture(status));
  }

  /// Answers the next MESSAGE with this refusal; several calls queue up.
  public void refusesNextMessageWith(int status) {
    incoming.refusesNextMessageWith(status);
  }

  // --- inviting --------------------------------------------------------------------------------

  /// Invites somebody to a chat. Returns at once; see [Chat#awaitAnswer].
  public Chat invite(String to) {
    return invite(to, List.of(), List.of());
  }

  /// Invites with a message inside the INVITE.
  ///
  /// @return the chat; the message is filed as sent under `messageId`
  public Chat inviteWith(String to, String messageId, String text) {
    byte[] raw = own.text(to, messageId, text, "");
    return invite(to, List.of(), List.of(Mime.of(Cpim.TYPE, raw)));
  }

  /// Invites several to a group, through the conference factory (RFC 4579 §5.4, RFC 5366).
  public Chat inviteGroup(List<String> members) {
    String factory = "sip:" + config.conferenceFactory() + "@" + config.domain();
    return invite(factory, members, List.of());
  }

  private Chat invite(String to, List<String> members, List<Mime> first) {
    String callId = SipText.random(12);
    Chat chat = new Chat(this, callId, to, !members.isEmpty(), false, null);
    chats.add(chat);
    String setup = config.role().name().toLowerCase(java.util.Locale.ROOT);
    String sdp = config.offersNothing() ? "" : describe(chat.msrp(), setup).text();
    send(chat, requests.invite(to, contact(), callId, sdp, members, first));
    return chat;
  }

  private void send(Chat chat, SipRequest invite) {
    CompletableFuture<ClientTransaction> sent = new CompletableFuture<>();
    ClientTransaction transaction =
        agent.send(invite, response -> sent.thenAccept(tx -> answered(chat, tx, response)));
    chat.invites(transaction);
    sent.complete(transaction);
  }

  private void answered(Chat chat, ClientTransaction invite, SipResponse response) {
    boolean authorized = invite.request().headers().first("Authorization").isPresent();
    if (response.isProvisional()) {
      if (response.status() == RINGING) {
        chat.rings();
      }
    } else if (response.isSuccess()) {
      chat.accepted(invite, response);
    } else if (Registering.isChallenge(response) && !authorized && !chat.isCancelled()) {
      SipRequest unsent = invite.request().with(invite.request().headers().without("Via"));
      send(chat, registering.again(response, unsent));
    } else {
      chat.refused(response.status());
      if (!chat.isCancelled()) {
        mailbox.put(new Happening.Refused(chat, response.status()));
      }
    }
  }

  /// Our side of a chat's SDP.
  MsrpDescription describe(MsrpSession session, String setup) {
    return new MsrpDescription(
        endpoint.host(),
        setup.equals("active") ? 9 : endpoint.port(),
        List.of(session.path()),
        Optional.of(setup),
        config.acceptTypes(),
        WRAPPED,
        config.multiClient());
  }

  /// Whether we connect, as the answerer of this offer (RFC 4145 §4.1; the offerer connects when it
  /// says nothing, RFC 4975 §5.4).
  boolean connectsTo(MsrpDescription offer) {
    return switch (offer.setup().orElse("active")) {
      case "passive" -> true;
      case "actpass" -> config.role() != DeviceConfig.Role.PASSIVE;
      default -> false;
    };
  }

  /// Waits for an INVITE and takes it.
  public Chat awaitInvitation() {
    return mailbox
        .take(Happening.Invited.class, any -> true, config.patience(), "an INVITE")
        .chat();
  }

  /// Does something that may wait, beside the readers.
  void chore(String what, Runnable work) {
    Thread.ofVirtual()
        .name(config.name() + " " + what)
        .start(() -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            lane.note(what + ": " + failed.getMessage());
          }
        });
  }

  /// Whether it has neither died nor been closed.
  public boolean isAlive() {
    return alive;
  }

  /// Every connection breaks at once, without a word: the battery is empty.
  public void die() {
    lane.note("✗ dies");
    close();
  }

  /// The SIP connection breaks; the next request makes a new one.
  public void dropSipConnection() {
    agent.dropServerConnection();
  }

  @Override
  public void close() {
    alive = false;
    registering.forget();
    chats.where(any -> true).forEach(Chat::abandon);
    agent.close();
    endpoint.close();
  }
}
