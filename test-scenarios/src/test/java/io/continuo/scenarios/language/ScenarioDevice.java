package io.continuo.scenarios.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.DeviceConfig.AutoAccept;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.device.Happening;
import io.continuo.device.Sent;
import io.continuo.device.sip.SipAgent.Transport;
import io.continuo.device.sip.SipResponse;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One device in a scenario: what its user does. Every verb waits until the server has done its
/// part, or fails after the device's patience. What the user sees is [WatchedDevice].
///
/// Unless told otherwise it is a multi-client device on TCP that accepts by itself the sessions of
/// its own subscriber, and everything else only by [#accepts].
public final class ScenarioDevice extends WatchedDevice {
  private final DeviceConfig.Builder config;
  private @Nullable Device device;
  private @Nullable Chat current;
  private @Nullable Chat invitation;
  private boolean pager;
  private boolean registered;
  private @Nullable SipResponse registration;

  ScenarioDevice(Person owner, String kind, Stage stage) {
    super(owner.name() + "." + kind, stage);
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

  /// Its INVITEs name neither conversation nor contribution, as those of a plain SIP client.
  public ScenarioDevice namesNoChat() {
    config.withoutChatIds();
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

  /// Its INVITEs have no SDP: it answers the server's offer with its ACK.
  public ScenarioDevice offersNothing() {
    config.offeringNothing();
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

  /// Speaks UDP to this proxy, which speaks to the server. The proxy is closed with the scenario.
  public ScenarioDevice isBehind(Proxy proxy) {
    stage.closing(proxy);
    config.over(Transport.UDP).through(proxy.address());
    return this;
  }

  /// Which flow of its instance it is (RFC 5626): devices with the same instance and different
  /// flows are one device to the server.
  public ScenarioDevice hasFlow(int regId) {
    config.regId(regId);
    return this;
  }

  public ScenarioDevice asksForGruu() {
    config.withGruu();
    return this;
  }

  /// The address it listens at and connects from.
  public ScenarioDevice livesAt(String host) {
    config.at(host);
    return this;
  }

  @Override
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
    SipResponse answer = device().register(device().config().expires());
    assertThat(answer.status()).as(name + " registers").isEqualTo(200);
    registration = answer;
    observes("200 to REGISTER");
    registered = true;
    return this;
  }

  /// Its connection breaks without a word, and it does not notice.
  public void losesItsFlow() {
    device().dropSipConnection();
  }

  /// The answer to its last REGISTER.
  public SipResponse registration() {
    return Objects.requireNonNull(registration, "registered");
  }

  /// The GRUU that its last REGISTER was answered with.
  public String publicGruu() {
    return gruu("pub-gruu");
  }

  public String temporaryGruu() {
    return gruu("temp-gruu");
  }

  private String gruu(String kind) {
    SipResponse answer = registration();
    String instance = device().config().instance();
    return answer.headers().all("Contact").stream()
        .filter(contact -> contact.contains(instance))
        .map(Pattern.compile(";" + kind + "=\"([^\"]+)\"")::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + " in " + answer));
  }

  public void unregisters() {
    assertThat(device().unregister()).as(name + " unregisters").isEqualTo(200);
    observes("200 to REGISTER");
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

  /// Invites whoever a URI leads to. Does not wait for the answer.
  public void invitesUri(String uri) {
    current = device().invite(uri);
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

  /// Its INVITE has been answered 180: it rings on a device of the other side.
  public void hearsItRing() {
    chat().awaitRinging();
    observes("180 to INVITE");
  }

  /// Its INVITE has been answered 200 and its MSRP session is bound.
  public void isInTheChat() {
    chat().awaitEstablished();
    observes("200 to INVITE");
  }

  public void isRefused(int status) {
    Happening.Refused refused = take(Happening.Refused.class, "a refusal");
    assertThat(refused.status()).as(name + "'s INVITE").isEqualTo(status);
    observes(status + " to INVITE");
  }

  public ScenarioDevice isInvited() {
    invitation = takeInvitation();
    current = invitation;
    return this;
  }

  private Chat takeInvitation() {
    Happening.Invited invited = take(Happening.Invited.class, "an INVITE");
    observes("INVITE");
    if (invited.accepted()) {
      // It is told before the device has answered by itself.
      invited.chat().awaitAnswer();
    }
    return invited.chat();
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

  /// It is invited and accepts; does not wait for its session.
  public void answers() {
    Chat chat = invitation();
    chat.accept();
    current = chat;
  }

  public void rejects(int status) {
    invitation().reject(status);
  }

  /// Answers the next MESSAGE with this status, and only that.
  public void refusesNextMessageWith(int status) {
    device().refusesNextMessageWith(status);
  }

  public void cancels() {
    Chat chat = chat();
    chat.cancel();
    assertThat(chat.awaitAnswer()).as(name + "'s INVITE").isEqualTo(487);
    observes("487 to INVITE");
  }

  /// Its ringing ends by CANCEL.
  public String isCancelled() {
    invitation = null;
    Happening.Cancelled cancelled = take(Happening.Cancelled.class, "a CANCEL");
    observes("CANCEL");
    return cancelled.reason();
  }

  /// The server binds its leg with a bodiless SEND, as figure 3 has it.
  public void isBoundByTheServer() {
    chat().msrp().awaitPeerBind(Device.PATIENCE);
    observes("bodiless SEND");
  }

  public void byes() {
    byes("");
  }

  /// @param reason the Reason header, as in `SIP;cause=200`
  public void byes(String reason) {
    assertThat(chat().bye(reason)).as(name + "'s BYE").isEqualTo(200);
    observes("200 to BYE");
    current = null;
  }

  /// The reason of the BYE it receives, empty when it says none.
  public String receivesBye() {
    current = null;
    Happening.Ended ended = take(Happening.Ended.class, "a BYE");
    observes("BYE");
    return ended.reason();
  }

  /// It takes no messages from here on, but sends them.
  public void holds() {
    assertThat(chat().direct("sendonly")).as(name + "'s hold").contains("recvonly");
  }

  /// It takes messages again.
  public void resumes() {
    assertThat(chat().direct("sendrecv")).as("the end of " + name + "'s hold").contains("sendrecv");
  }

  /// Asks for an offer by a re-INVITE without SDP, and answers it.
  public void asksForAnOffer() {
    assertThat(chat().asksForAnOffer(true)).as("what " + name + " is offered").isPresent();
  }

  /// Refreshes by a re-INVITE without SDP, and says nothing in its ACK.
  public void refreshesWithoutSdp() {
    assertThat(chat().asksForAnOffer(false)).as("what " + name + " is offered").isPresent();
  }

  /// Its MSRP connection breaks without a BYE.
  public void drops() {
    chat().dropConnection();
  }

  /// It connects again and binds the same session.
  public void rebinds() {
    assertThat(chat().rebind()).as(name + "'s binding SEND").isEqualTo(200);
    observes("200 to bodiless SEND");
  }

  /// Invitations that crossed with its own are of no interest.
  public void forgetsCrossedInvitations() {
    stage.settle();
    while (mailbox.remove(Happening.Invited.class, any -> true).isPresent()) {
      mailbox.remove(Happening.Cancelled.class, any -> true);
      mailbox.remove(Happening.Ended.class, any -> true);
    }
  }

  // --- saying ------------------------------------------------------------------------------------

  /// Says something; it has been stored when this returns.
  public void sends(String text) {
    isAnswered(sending(text), "SEND", text);
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
    isAnswered(chat().send(text, id, bytes), "SEND", text);
  }

  /// Says something under the same Message-ID again, as a client does that saw no answer.
  public void sendsAgain(String text) {
    isAnswered(chat().send(text, stage.messageId(text), 2048), "SEND", text);
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
    isAnswered(sent, "MESSAGE", text);
  }

  private void isAnswered(Sent sent, String method, String what) {
    assertThat(sent.await(Device.PATIENCE)).as(name + " sends " + what).isEqualTo(200);
    observes("200 to " + method);
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
    ChatMessage message = message(text);
    Sent report =
        pager
            ? device().pageReport(message.id(), message.from(), disposition)
            : chat().report(message.id(), message.from(), disposition);
    isAnswered(report, pager ? "MESSAGE" : "SEND", disposition + " about " + text);
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

  /// Another server process listens where the last one did: no request may go into the connection
  /// to that one, whose end the device may not have read yet.
  void serverIsAnother() {
    Device alive = device;
    if (alive != null) {
      alive.dropSipConnection();
    }
  }

  /// The server is gone, and with it every session and connection.
  void serverDied() {
    serverIsAnother();
    Device alive = device;
    if (alive != null) {
      alive.openChats().forEach(Chat::abandon);
    }
    current = null;
    invitation = null;
    registered = false;
  }

  void close() {
    if (device != null) {
      device.close();
    }
  }
}
