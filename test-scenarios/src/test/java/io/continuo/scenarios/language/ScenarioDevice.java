package io.continuo.scenarios.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.DeviceConfig.AutoAccept;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.device.Happening;
import io.continuo.device.Mailbox;
import io.continuo.device.Sent;
import io.continuo.device.sip.SipAgent.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One device in a scenario: what its user does, and what its user sees. Every verb waits until it
/// is true, or fails after the device's patience.
///
/// Unless told otherwise it is a multi-client device on TCP that accepts by itself the sessions of
/// its own subscriber, and everything else only by [#accepts].
public final class ScenarioDevice {
  private final Person owner;
  private final Stage stage;
  private final String name;
  private final DeviceConfig.Builder config;
  private final Mailbox mailbox = new Mailbox();
  private @Nullable Device device;
  private @Nullable Chat current;
  private @Nullable Chat invitation;
  private boolean pager;
  private boolean registered;
  private boolean mayRepeat;

  ScenarioDevice(Person owner, String kind, Stage stage) {
    this.owner = owner;
    this.stage = stage;
    this.name = owner.name() + "." + kind;
    this.config =
        DeviceConfig.of(name, owner.address(), stage.sip())
            .credentials(owner.name(), Subscribers.password(owner.name()))
            .autoAccept(AutoAccept.OWN_SESSIONS);
  }

  // --- what kind of device it is (before it registers) ------------------------------------------

  public ScenarioDevice isLegacy() {
    config.legacy();
    return this;
  }

  public ScenarioDevice isPager() {
    pager = true;
    config.pager();
    return this;
  }

  public ScenarioDevice speaks(Transport transport) {
    config.over(transport);
    return this;
  }

  public ScenarioDevice offers(Role role) {
    config.setup(role);
    return this;
  }

  public ScenarioDevice acceptsByItself(AutoAccept which) {
    config.autoAccept(which);
    return this;
  }

  public ScenarioDevice reportsByItself(String... dispositions) {
    config.reports(dispositions);
    return this;
  }

  /// The MIME types that its SDP accepts.
  public ScenarioDevice takes(String... acceptTypes) {
    config.accepting(acceptTypes);
    return this;
  }

  /// Its `+sip.instance`.
  public ScenarioDevice hasInstance(String urn) {
    config.instance(urn);
    return this;
  }

  /// The address it listens at and connects from.
  public ScenarioDevice livesAt(String host) {
    config.at(host);
    return this;
  }

  /// A message that this device already has may come again (its answer was lost in a crash).
  public ScenarioDevice mayRepeat() {
    mayRepeat = true;
    return this;
  }

  /// The device itself, for what the language has no word for.
  public Device device() {
    Device made = device;
    if (made == null) {
      made = new Device(config.build(), stage.ladder(), mailbox);
      device = made;
    }
    return made;
  }

  /// The chat it is in: the one it invited to, accepted, or is in by itself.
  public Chat chat() {
    Chat now = current;
    if (now != null && !now.isEnded()) {
      return now;
    }
    List<Chat> open = device().openChats();
    return open.isEmpty() ? takeInvitation() : open.getLast();
  }

  // --- registering -------------------------------------------------------------------------------

  public ScenarioDevice registers() {
    assertThat(device().register()).as(name + " registers").isEqualTo(200);
    registered = true;
    return this;
  }

  public void isRefusedRegistration(int status) {
    assertThat(device().register()).as(name + " registers").isEqualTo(status);
  }

  public void unregisters() {
    assertThat(device().unregister()).as(name + " unregisters").isEqualTo(200);
    registered = false;
  }

  /// Everything it had open breaks without a word. [#registers] switches it on again.
  public void dies() {
    device().die();
    device = null;
    current = null;
    registered = false;
  }

  // --- sessions ----------------------------------------------------------------------------------

  /// Invites one person to a chat, or several to a group. Does not wait for the answer.
  public void invites(Person... people) {
    List<String> addresses = Stream.of(people).map(Person::address).toList();
    current =
        people.length == 1
            ? device().invite(addresses.getFirst())
            : device().inviteGroup(addresses);
  }

  /// Invites with a message inside the INVITE.
  public void invitesSaying(String text, Person person) {
    String id = UUID.randomUUID().toString();
    stage.said(text, id);
    current = device().inviteWith(person.address(), id, text);
  }

  /// Comes back to the group of this chat by an INVITE of its own to the focus.
  public void rejoins(Chat group) {
    String focus =
        group.focus().orElseThrow(() -> new AssertionError(group + " has told no focus"));
    current = device().invite(focus);
  }

  /// Its INVITE has been answered 200 and its MSRP session is bound.
  public void isInTheChat() {
    chat().awaitEstablished();
  }

  public void isRefused(int status) {
    Happening.Refused refused = take(Happening.Refused.class, "a refusal");
    assertThat(refused.status()).as(name + "'s INVITE").isEqualTo(status);
  }

  public ScenarioDevice isInvited() {
    invitation = takeInvitation();
    current = invitation;
    return this;
  }

  private Chat takeInvitation() {
    return take(Happening.Invited.class, "an INVITE").chat();
  }

  private Chat invitation() {
    Chat known = invitation;
    invitation = null;
    return known == null ? takeInvitation() : known;
  }

  /// It is invited and accepts; the session is established.
  public void accepts() {
    Chat chat = invitation();
    if (!chat.isOpen()) {
      chat.accept();
    }
    current = chat;
    chat.awaitEstablished();
  }

  public void rejects(int status) {
    invitation().reject(status);
  }

  public void cancels() {
    chat().cancel();
    assertThat(chat().awaitAnswer()).as(name + "'s INVITE").isEqualTo(487);
  }

  /// Its ringing ends by CANCEL.
  public String isCancelled() {
    return take(Happening.Cancelled.class, "a CANCEL").reason();
  }

  /// The server binds its leg with a bodiless SEND, as figure 3 has it.
  public void isBoundByTheServer() {
    chat().msrp().awaitPeerBind(Device.PATIENCE);
  }

  public void byes() {
    byes("");
  }

  /// @param reason the Reason header, as in `SIP;cause=200`
  public void byes(String reason) {
    assertThat(chat().bye(reason)).as(name + "'s BYE").isEqualTo(200);
    current = null;
  }

  /// The reason of the BYE it receives, empty when it says none.
  public String receivesBye() {
    current = null;
    return take(Happening.Ended.class, "a BYE").reason();
  }

  /// Its MSRP connection breaks without a BYE.
  public void drops() {
    chat().dropConnection();
  }

  /// It connects again and binds the same session.
  public void rebinds() {
    assertThat(chat().rebind()).as(name + "'s binding SEND").isEqualTo(200);
  }

  /// Invitations that crossed with its own are of no interest.
  public void forgetsCrossedInvitations() {
    stage.settle();
    while (mailbox.remove(Happening.Invited.class, any -> true).isPresent()) {
      mailbox.remove(Happening.Cancelled.class, any -> true);
      mailbox.remove(Happening.Ended.class, any -> true);
    }
  }

  /// Its MSRP connection was closed by the other side.
  public void isDisconnected() {
    take(Happening.Unbound.class, "the end of its MSRP connection");
  }

  // --- saying ------------------------------------------------------------------------------------

  /// Says something; it has been stored when this returns.
  public void sends(String text) {
    assertThat(sending(text).await(Device.PATIENCE)).as(name + " sends " + text).isEqualTo(200);
  }

  /// Says something that the server refuses.
  public void isRefusedSending(String text, int status) {
    assertThat(sending(text).await(Device.PATIENCE)).as(name + " sends " + text).isEqualTo(status);
  }

  /// Says something and does not wait.
  public Sent sending(String text) {
    Sent sent = chat().send(text);
    stage.said(text, sent.id());
    return sent;
  }

  /// Says something in chunks of so many bytes; it has been stored when this returns.
  public void sendsInChunks(String text, int bytes) {
    String id = UUID.randomUUID().toString();
    stage.said(text, id);
    Sent sent = chat().send(text, id, bytes);
    assertThat(sent.await(Device.PATIENCE)).as(name + " sends " + text).isEqualTo(200);
  }

  /// Says something under the same Message-ID again, as a client does that saw no answer.
  public void sendsAgain(String text) {
    Sent sent = chat().send(text, stage.messageId(text), 2048);
    assertThat(sent.await(Device.PATIENCE)).as(name + " sends again").isEqualTo(200);
  }

  /// Invites anew and says something under the same Message-ID again, as a client does after the
  /// server was gone.
  public void sendsOnceMore(Person person, String text) {
    invites(person);
    isInTheChat();
    sendsAgain(text);
  }

  /// Says something by MESSAGE.
  public void pages(Person person, String text) {
    Sent sent = device().page(person.address(), text);
    stage.said(text, sent.id());
    assertThat(sent.await(Device.PATIENCE)).as(name + " pages " + text).isEqualTo(200);
  }

  public void composes() {
    chat().composes(true);
  }

  public void reportsDelivered(String text) {
    reports("delivered", text);
  }

  public void reportsDisplayed(String text) {
    reports("displayed", text);
  }

  /// Reports on a message that it has received.
  public void reports(String disposition, String text) {
    ChatMessage message = filed(text);
    Sent report =
        pager
            ? device().pageReport(message.id(), message.from(), disposition)
            : chat().report(message.id(), message.from(), disposition);
    assertThat(report.await(Device.PATIENCE)).as(name + " reports " + disposition).isEqualTo(200);
  }

  private ChatMessage filed(String text) {
    return mailbox.messages().stream()
        .filter(message -> message.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " does not have: " + text));
  }

  // --- seeing ------------------------------------------------------------------------------------

  /// The next message from somebody else is this one.
  public Seen receives(String text) {
    ChatMessage message = take(Happening.Received.class, "the message " + text).message();
    assertThat(message.text()).as(name + " receives").isEqualTo(text);
    return new Seen(message);
  }

  /// The next message of its own subscriber, sent on another device, is this one.
  public Seen receivesCopyOf(String text) {
    ChatMessage message = take(Happening.OwnCopy.class, "a copy of " + text).message();
    assertThat(message.text()).as(name + " receives a copy").isEqualTo(text);
    return new Seen(message);
  }

  /// The next messages, its own subscriber's copies among them, are these in this order; each came
  /// once over the wire, and nothing more is on its way.
  public List<ChatMessage> catchesUp(String... texts) {
    List<ChatMessage> seen = reads(texts.length);
    assertThat(seen).as(name + " catches up").extracting(ChatMessage::text).containsExactly(texts);
    stage.settle();
    for (ChatMessage message : seen) {
      assertThat(mailbox.arrivals(message.id())).as("copies of " + message.text()).isEqualTo(1);
    }
    return seen;
  }

  /// The next so many messages, its own subscriber's copies among them, in order.
  public List<ChatMessage> reads(int count) {
    List<ChatMessage> seen = new ArrayList<>();
    while (seen.size() < count) {
      Happening next =
          mailbox.take(
              Happening.class,
              ScenarioDevice::isMessage,
              Device.PATIENCE,
              name + " to receive message " + (seen.size() + 1) + " of " + count);
      seen.add(messageOf(next));
    }
    return seen;
  }

  private static boolean isMessage(Happening happening) {
    return happening instanceof Happening.Received || happening instanceof Happening.OwnCopy;
  }

  private static ChatMessage messageOf(Happening happening) {
    return happening instanceof Happening.Received received
        ? received.message()
        : ((Happening.OwnCopy) happening).message();
  }

  /// The kinds of what it was told since it was switched on, messages and receipts only, in order.
  public List<String> tellingsInOrder() {
    return mailbox.history().stream()
        .filter(told -> isMessage(told) || told instanceof Happening.Receipt)
        .map(told -> told.getClass().getSimpleName())
        .toList();
  }

  /// What this device has of a message: the bytes as they came.
  public ChatMessage message(String text) {
    return filed(text);
  }

  /// A message that it has been shown.
  public final class Seen {
    private final ChatMessage message;

    private Seen(ChatMessage message) {
      this.message = message;
    }

    public Seen from(Person author) {
      assertThat(message.from()).as("the author of " + message.text()).isEqualTo(author.address());
      return this;
    }

    /// It came once over the wire, and nothing more is on its way.
    public Seen once() {
      stage.settle();
      assertThat(mailbox.arrivals(message.id())).as("copies of " + message.text()).isEqualTo(1);
      return this;
    }

    public ChatMessage message() {
      return message;
    }
  }

  /// A receipt; say [Receipt#about] and then [Receipt#from].
  public Receipt receivesReceipt(String disposition) {
    return new Receipt(disposition, "");
  }

  /// A receipt that is expected; several may come in any order.
  public final class Receipt {
    private final String disposition;
    private final String text;

    private Receipt(String disposition, String text) {
      this.disposition = disposition;
      this.text = text;
    }

    public Receipt about(String said) {
      return new Receipt(disposition, said);
    }

    /// Waits for it.
    public void from(Person reporter) {
      Happening.Receipt expected =
          new Happening.Receipt(stage.messageId(text), disposition, reporter.address());
      mailbox.take(
          Happening.Receipt.class,
          expected::equals,
          Device.PATIENCE,
          name + " to receive " + disposition + " about " + text + " from " + reporter.name());
    }
  }

  /// Somebody types.
  public void seesTyping(Person author) {
    Happening.Types types = take(Happening.Types.class, "typing");
    assertThat(types.active()).isTrue();
    assertThat(types.from()).contains(author.name());
  }

  /// Nothing has come and nothing is on its way: proved by barriers, not by waiting.
  public void receivesNothing() {
    stage.settle();
    assertThat(unread()).as("what " + name + " was told").isEmpty();
  }

  private <T extends Happening> T take(Class<T> kind, String what) {
    return mailbox.take(kind, any -> true, Device.PATIENCE, name + " to receive " + what);
  }

  // --- for the stage -----------------------------------------------------------------------------

  void passBarrier() {
    Device alive = device;
    if (alive != null) {
      alive.openChats().stream().filter(chat -> chat.msrp().isBound()).forEach(Chat::barrier);
    }
  }

  void passOptions() {
    Device alive = device;
    if (alive != null && registered) {
      assertThat(alive.options()).as(name + "'s OPTIONS").isEqualTo(200);
    }
  }

  /// The server is gone, and with it every session and connection.
  void serverDied() {
    Device alive = device;
    if (alive != null) {
      alive.dropSipConnection();
      alive.openChats().forEach(Chat::abandon);
    }
    current = null;
    invitation = null;
    registered = false;
  }

  /// What nobody has looked at, in words.
  List<String> unread() {
    List<String> left = new ArrayList<>();
    for (Happening happening : mailbox.unread()) {
      boolean expected =
          switch (happening) {
            case Happening.Invited invited -> invited.accepted();
            case Happening.Repeated _ -> mayRepeat;
            case Happening.Unbound unbound -> unbound.chat().isEnded();
            case Happening.Cancelled _,
                Happening.Refused _,
                Happening.Ended _,
                Happening.Received _,
                Happening.OwnCopy _,
                Happening.Receipt _,
                Happening.Types _,
                Happening.Reported _ ->
                false;
          };
      if (!expected) {
        left.add(name + ": " + happening);
      }
    }
    return left;
  }

  void close() {
    if (device != null) {
      device.close();
    }
  }
}
