package io.continuo.clients.doubles;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A shipped client as far as a server can tell. The methods here are what its user does and sees;
/// what it says and minds is in the classes of the clients, and in their transcripts.
///
/// It takes note of whatever the real one would choke on, and every word after that fails with it.
///
/// Threading: the words are for one test thread; what arrives is handled on the reading threads,
/// under this object's lock.
public abstract class ClientDouble extends ClientHabits implements AutoCloseable {
  final Account account;
  final Transcript transcript;
  final Map<String, String> own = new HashMap<>();
  final Wiretap wiretap = new Wiretap();
  final Signalling sip;
  final Dialogs dialogs;
  final Media media;
  final Outbox outbox;
  final Screen screen;

  private final List<SipMessage> responses = new ArrayList<>();
  private final Map<String, Said> said = new LinkedHashMap<>();
  private final List<String> told = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final Random random = new Random();
  private int registrations;

  /// How its SIP gets to the server.
  interface Way {
    Signalling open(InetSocketAddress server, Wiretap wiretap, Consumer<String> reader);
  }

  ClientDouble(Account account, Transport transport) {
    this(
        account,
        switch (transport) {
          case UDP -> Signalling::overUdp;
          case TCP -> Signalling::overTcp;
        });
  }

  ClientDouble(Account account, Way way) {
    this.account = account;
    this.transcript = Transcript.of(getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    this.dialogs = new Dialogs(this);
    this.media = new Media(this);
    this.outbox = new Outbox(this);
    this.screen = new Screen(this);
    this.sip = way.open(account.server(), wiretap, this::received);
    own.put("user", account.user());
    own.put("domain", account.domain());
    own.put("host", sip.local().getAddress().getHostAddress());
    own.put("port", String.valueOf(sip.local().getPort()));
    own.put(
        "server",
        account.server().getAddress().getHostAddress() + ":" + account.server().getPort());
    own.put("instance", uuid());
    own.put("registration", hex(8));
  }

  /// BYE, then its connection closes.
  void hangsUp(Chat chat) {
    dialogs.bye(chat);
    chat.close();
  }

  @Override
  String contactHost() {
    return own.get("host") + ":" + own.get("port");
  }

  // What its user does.

  public final void registers() {
    registrations++;
    SipMessage challenge = register("REGISTER", Map.of());
    if (challenge.status() != 401) {
      throw new AssertionError("not challenged: " + challenge);
    }
    SipMessage answer =
        register(
            "REGISTER with credentials",
            credentials(challenge, "REGISTER", "sip:" + account.domain()));
    if (answer.status() != 200) {
      throw new AssertionError("not registered: " + answer);
    }
    String contact = contactHost();
    if (answer.all("Contact").stream().noneMatch(each -> each.contains(contact))) {
      complain("its Contact is not in the answer to its REGISTER: " + answer);
    }
    registered(answer);
    isContent();
  }

  private SipMessage register(String title, Map<String, String> credentials) {
    Map<String, String> values = new HashMap<>(credentials);
    int cseq = 2 * registrations - (credentials.isEmpty() ? 1 : 0);
    values.put("cseq", String.valueOf(cseq));
    values.put("call-id", own.get("registration"));
    values.put("from-tag", hex(4));
    sip.send(dialogs.request(title, values));
    return response(own.get("registration"), cseq);
  }

  Map<String, String> credentials(SipMessage challenge, String method, String uri) {
    Digest digest = new Digest(challenge.header("WWW-Authenticate"));
    String cnonce = hex(8);
    return Map.of(
        "nonce", digest.nonce(),
        "realm", digest.realm(),
        "cnonce", cnonce,
        "uri", uri,
        "response", digest.response(account.user(), account.password(), method, uri, cnonce));
  }

  /// Opens a chat and waits until it can be written in.
  public final void invites(String user) {
    opens(user, "");
  }

  /// Opens a chat with this inside the INVITE; its id.
  public final String invitesSaying(String user, String text) {
    return opens(user, text);
  }

  private String opens(String user, String text) {
    String id = uuid();
    Chat chat = dialogs.invite("sip:" + user + "@" + account.domain(), outbox.enclosed(text, id));
    await(() -> chat.bound ? Optional.of(chat) : Optional.empty(), "a bound MSRP session");
    return id;
  }

  /// Waits until it has been invited, has accepted, and is connected.
  public final void isInvited() {
    await(() -> dialogs.current().filter(chat -> chat.bound && !chat.offered), "an INVITE");
  }

  /// Says it in the chat and waits for the answer; its id.
  public final String says(String text) {
    String id = uuid();
    outbox.says(inChat(), text, id);
    isContent();
    return id;
  }

  /// Waits until this is shown to its user, once.
  public final Said hears(String text) {
    Said heard =
        await(
            () -> said.values().stream().filter(each -> each.text().equals(text)).findFirst(),
            "'" + text + "'");
    if (heard.times() != 1) {
      throw new AssertionError(heard + " came more than once");
    }
    return heard;
  }

  /// Waits until it is told that a message of its own was `delivered` or `displayed`.
  public final synchronized void isTold(String messageId, String disposition) {
    await(
        () -> told.contains(messageId + " " + disposition) ? Optional.of(true) : Optional.empty(),
        disposition + " of " + messageId + "; told " + told);
  }

  /// The user looks at it, and the sender is told.
  public final void shows(Said message) {
    outbox.receipt(inChat(), message.messageId(), "displayed");
  }

  public final void types() {
    outbox.typing(inChat());
  }

  /// Waits until it is told that the other side is typing.
  public final void seesTyping() {
    await(
        () -> told.contains("typing") ? Optional.of(true) : Optional.empty(),
        "a typing indication");
  }

  /// A bodiless SEND, and its answer.
  public final void keepsAlive() {
    outbox.keepAlive(inChat());
    isContent();
  }

  /// Ends the chat as it does.
  public final void leaves() {
    isAtRest();
    hangsUp(inChat());
    isContent();
  }

  /// Waits until what it sends by itself has been answered.
  public final void isAtRest() {
    await(() -> screen.isAtRest() ? Optional.of(true) : Optional.empty(), "its receipts");
  }

  /// Waits until the server has ended the chat.
  public final void isLeft() {
    await(() -> dialogs.current().filter(chat -> chat.over), "a BYE");
  }

  public final List<Said> shown() {
    synchronized (this) {
      return List.copyOf(said.values());
    }
  }

  public final Wiretap wiretap() {
    return wiretap;
  }

  public final Transcript transcript() {
    return transcript;
  }

  /// Fails when it saw something that the real one chokes on.
  public final synchronized void isContent() {
    if (!complaints.isEmpty()) {
      throw new AssertionError(this + " chokes: " + String.join("\n", complaints));
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      dialogs.close();
    }
    sip.close();
  }

  // What it is made of.

  private Chat inChat() {
    isContent();
    return await(dialogs::current, "a chat");
  }

  final <T> T await(Supplier<Optional<T>> probe, String what) {
    return await(probe, what, PATIENCE);
  }

  final synchronized <T> T await(Supplier<Optional<T>> probe, String what, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    for (; ; ) {
      Optional<T> found = probe.get();
      isContent();
      if (found.isPresent()) {
        return found.get();
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(
            "%s waited in vain for %s%n%s%n%s%n%s"
                .formatted(this, what, firstLines(), account.serversWords().get(), ladder()));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /// The ladder at a glance.
  private String firstLines() {
    return wiretap.heard().stream()
        .map(each -> arrow(each) + text(each).lines().findFirst().orElse(""))
        .collect(Collectors.joining("\n"));
  }

  private String ladder() {
    return wiretap.heard().stream()
        .map(each -> arrow(each) + text(each))
        .collect(Collectors.joining("\n"));
  }

  private static String arrow(Wiretap.Heard message) {
    return message.byDouble() ? "--> " : "<-- ";
  }

  private static String text(Wiretap.Heard message) {
    return new String(message.bytes(), StandardCharsets.UTF_8).strip();
  }

  final SipMessage response(String callId, int cseq) {
    return await(
        () ->
            responses.stream()
                .filter(each -> each.status() >= 200 && each.callId().equals(callId))
                .filter(each -> each.header("CSeq").startsWith(cseq + " "))
                .findFirst(),
        "the answer to request " + cseq + " of " + callId);
  }

  private synchronized void received(String wire) {
    try {
      SipMessage message = SipMessage.parse(wire);
      if (message.isRequest()) {
        dialogs.requested(message);
      } else {
        responses.add(message);
        dialogs.answered(message);
      }
    } catch (AssertionError | RuntimeException broken) {
      complain(broken + " at\n" + wire);
    }
    notifyAll();
  }

  /// The real one would choke on this.
  final synchronized void complain(String what) {
    complaints.add(what);
    notifyAll();
  }

  final synchronized void show(Said message) {
    String key = message.messageId().isEmpty() ? message.text() : message.messageId();
    said.merge(
        key,
        message,
        (before, again) ->
            new Said(
                before.text(),
                before.from(),
                before.messageId(),
                before.wanted(),
                before.times() + 1));
    notifyAll();
  }

  final synchronized void tell(String what) {
    told.add(what);
    notifyAll();
  }

  @Override
  final String hex(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return HexFormat.of().formatHex(drawn);
  }

  static String uuid() {
    return java.util.UUID.randomUUID().toString();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " of " + account.user();
  }
}
