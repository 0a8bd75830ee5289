package io.continuo.device;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import io.continuo.device.message.Cpim;
import io.continuo.device.message.Imdn;
import io.continuo.device.message.Mime;
import io.continuo.device.msrp.MsrpEndpoint;
import io.continuo.device.msrp.MsrpSession;
import io.continuo.device.sip.ClientTransaction;
import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.MsrpDescription;
import io.continuo.device.sip.SipAgent;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final List<String> WRAPPED =
      List.of("text/plain", "message/imdn+xml", "application/im-iscomposing+xml");

  /// Chats remembered by Call-ID; the oldest are forgotten first.
  static final int MAX_CHATS = 1_000;

  private final DeviceConfig config;
  private final Ladder.Lane lane;
  private final Wiretap wiretap = new Wiretap();
  private final Mailbox mailbox;
  private final Requests requests;
  private final SipAgent agent;
  private final MsrpEndpoint endpoint;
  private final Map<String, Chat> chats = Collections.synchronizedMap(new Recent());
  private final String registrationCallId = SipText.random(12);
  private long registrationSequence;
  private volatile boolean alive = true;
  private volatile boolean registered;

  public Device(DeviceConfig config, Ladder ladder) {
    this(config, ladder, new Mailbox());
  }

  /// A device that was switched off and on again: it still has its messages.
  public Device(DeviceConfig config, Ladder ladder, Mailbox mailbox) {
    this.config = config;
    this.mailbox = mailbox;
    this.lane = ladder.lane(config.name());
    this.requests = new Requests(config);
    Incoming incoming = new Incoming(this, new Intake(config, mailbox));
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

  Optional<Chat> chat(String callId) {
    return Optional.ofNullable(chats.get(callId));
  }

  Optional<Chat> chat(MsrpSession session) {
    return allChats().stream().filter(chat -> chat.msrp() == session).findFirst();
  }

  void remember(Chat chat) {
    chats.put(chat.callId(), chat);
  }

  /// The chats that were not ended, refused or cancelled.
  public List<Chat> openChats() {
    return allChats().stream().filter(Chat::isOpen).toList();
  }

  private List<Chat> allChats() {
    synchronized (chats) {
      return List.copyOf(chats.values());
    }
  }

  private static final class Recent extends LinkedHashMap<String, Chat> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Chat> eldest) {
      return size() > MAX_CHATS;
    }
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
  public synchronized SipResponse register(int expires) {
    SipResponse answer = sendRegister(expires, Optional.empty());
    if (answer.status() == 401 || answer.status() == 407) {
      answer = sendRegister(expires, Optional.of(answer));
    }
    if (answer.isSuccess()) {
      registered = expires > 0;
    }
    return answer;
  }

  /// Whether its last REGISTER that was accepted made a binding.
  public boolean isRegistered() {
    return registered;
  }

  /// Removes this device's binding.
  public int unregister() {
    return register(0).status();
  }

  private SipResponse sendRegister(int expires, Optional<SipResponse> challenge) {
    SipRequest request =
        requests.register(contact(), registrationCallId, ++registrationSequence, expires);
    return agent.call(
        challenge.map(asked -> answering(asked, request)).orElse(request), null, config.patience());
  }

  private SipRequest answering(SipResponse challenge, SipRequest request) {
    return DigestAnswer.to(challenge, request, config.user(), config.password())
        .map(field -> request.with(request.headers().with(field.name(), field.value())))
        .orElse(request);
  }

  /// Sends a request outside of a dialog and answers one challenge; the final answer.
  public SipResponse call(SipRequest request) {
    SipResponse first = agent.call(request, null, config.patience());
    boolean challenged = first.status() == 401 || first.status() == 407;
    return challenged ? agent.call(again(first, request), null, config.patience()) : first;
  }

  private SipRequest again(SipResponse challenge, SipRequest request) {
    String next = (request.sequence() + 1) + " " + request.method();
    SipHeaders headers = request.headers().without("CSeq").with("CSeq", next);
    return answering(challenge, request.with(headers));
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
    Mime part = Mime.of("text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    byte[] raw = Cpim.of(config.address(), to, id, "positive-delivery, display", part).bytes();
    mailbox.sent(ownMessage(id, to, text, raw, ""));
    return page(to, id, raw);
  }

  /// Reports on a message by MESSAGE.
  public Sent pageReport(String messageId, String sender, String disposition) {
    String id = UUID.randomUUID().toString();
    Imdn imdn = new Imdn(messageId, config.address(), disposition);
    return page(sender, id, imdn.in(config.address(), sender, id).bytes());
  }

  private Sent page(String to, String id, byte[] cpim) {
    int status = call(requests.message(to, Cpim.TYPE, cpim)).status();
    return new Sent(id, CompletableFuture.completedFuture(status));
  }

  ChatMessage ownMessage(String id, String to, String text, byte[] raw, String chat) {
    return new ChatMessage(
        id, config.address(), to, "text/plain", text, raw, chat, true, Instant.now());
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
    Mime part = Mime.of("text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    byte[] raw =
        Cpim.of(config.address(), to, messageId, "positive-delivery, display", part).bytes();
    mailbox.sent(ownMessage(messageId, to, text, raw, ""));
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
    remember(chat);
    String setup = config.role().name().toLowerCase(java.util.Locale.ROOT);
    String sdp = describe(chat.msrp(), setup).text();
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
    boolean challenge = response.status() == 401 || response.status() == 407;
    if (response.isProvisional()) {
      chat.rings();
    } else if (response.isSuccess()) {
      chat.accepted(invite, response);
    } else if (challenge && !authorized && !chat.isCancelled()) {
      SipRequest unsent = invite.request().with(invite.request().headers().without("Via"));
      send(chat, again(response, unsent));
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
    registered = false;
    allChats().forEach(Chat::abandon);
    agent.close();
    endpoint.close();
  }
}
