package io.continuo.server.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.cpim.MalformedCpimException;
import io.continuo.msrp.imdn.Imdn;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A device as the conversation sees it: a leg, what came on it, and its answers.
final class PlayedDevice {
  static final LegProfile RCS =
      new LegProfile(List.of("message/cpim"), List.of("*"), Long.MAX_VALUE, 32);
  static final String ANONYMOUS = "sip:anonymous@anonymous.invalid";

  final DeviceId id;
  final List<ConversationEffect.Deliver> received = new ArrayList<>();
  final List<ConversationEffect.Relay> relayed = new ArrayList<>();

  /// Entries that it has said it has: what was lost on the way to it is not among them.
  final Set<Long> has = new HashSet<>();

  private final Stage stage;
  private Optional<LegId> leg = Optional.empty();
  private DeliveryOutcome answer = new DeliveryOutcome.Delivered();
  private boolean silent;
  private boolean anonymous;
  private int transportIds;

  PlayedDevice(Stage stage, DeviceId id) {
    this.stage = stage;
    this.id = id;
  }

  /// One submission and its answers.
  static final class Sent {
    final List<SubmitResult> results = new ArrayList<>();

    SubmitResult result() {
      return results.getFirst();
    }
  }

  PlayedDevice attaches() {
    return attaches(RCS);
  }

  PlayedDevice attaches(LegProfile profile) {
    leg = Optional.of(stage.nextLeg(this));
    stage.tell(new ConversationEvent.Attach(id, leg.get(), profile));
    return this;
  }

  PlayedDevice attachesAnew(LegProfile profile) {
    stage.tell(new ConversationEvent.Attach(id, leg.orElseThrow(), profile));
    return this;
  }

  /// Puts its line on hold, or takes it off.
  void directs(boolean receives) {
    stage.tell(new ConversationEvent.Direction(leg(), receives));
  }

  void detaches() {
    LegId gone = leg.orElseThrow();
    leg = Optional.empty();
    stage.tell(new ConversationEvent.Detach(gone));
  }

  void lostItsLeg() {
    leg = Optional.empty();
  }

  boolean isAttached() {
    return leg.isPresent();
  }

  LegId leg() {
    return leg.orElseThrow();
  }

  /// Takes deliveries without answering them.
  PlayedDevice staysSilent() {
    silent = true;
    return this;
  }

  PlayedDevice answersAgain() {
    silent = false;
    return this;
  }

  PlayedDevice answersWith(DeliveryOutcome outcome) {
    answer = outcome;
    return this;
  }

  void answers(ConversationEffect.Deliver delivery) {
    if (answer instanceof DeliveryOutcome.Delivered) {
      has.add(delivery.sequence());
    }
    stage.tell(new ConversationEvent.Delivered(delivery.leg(), delivery.sequence(), answer));
  }

  void delivered(ConversationEffect.Deliver delivery) {
    received.add(delivery);
    if (!silent) {
      answers(delivery);
    }
  }

  void relayed(ConversationEffect.Relay relay) {
    relayed.add(relay);
  }

  // What it hands in

  Sent submits(String contentType, byte[] body) {
    transportIds++;
    return submits("t-" + transportIds, contentType, body);
  }

  Sent submits(String transportId, String contentType, byte[] body) {
    return submits(transportId, contentType, Body.of(body));
  }

  Sent submits(String transportId, String contentType, Body body) {
    Sent sent = new Sent();
    stage.tell(
        new ConversationEvent.Submit(
            id, Set.of(id.owner()), transportId, contentType, body, anonymous, sent.results::add));
    return sent;
  }

  /// By a pager MESSAGE with `Request-Disposition: no-fork`.
  Sent sendsWithoutFork(String messageId, String text) {
    Sent sent = new Sent();
    stage.tell(
        new ConversationEvent.Submit(
            id,
            Set.of(id.owner()),
            messageId,
            "message/cpim",
            Body.of(cpim(ANONYMOUS, messageId, text)),
            anonymous,
            true,
            sent.results::add));
    return sent;
  }

  PlayedDevice asksForPrivacy() {
    anonymous = true;
    return this;
  }

  /// A CPIM message with this `imdn.Message-ID` and text.
  Sent sends(String messageId, String text) {
    return submits("message/cpim", cpim(ANONYMOUS, messageId, text));
  }

  Sent sendsPlain(String text) {
    return submits("text/plain", text.getBytes(UTF_8));
  }

  static byte[] cpim(String from, String messageId, String text) {
    return Stage.cpim(from, ANONYMOUS, messageId, "text/plain", text.getBytes(UTF_8));
  }

  Sent reports(String disposition, String reported) {
    return reports(disposition, reported, "");
  }

  Sent reports(String disposition, String reported, String ownId) {
    Imdn imdn =
        new Imdn(
            reported,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Imdn.Notification.DELIVERY,
            disposition);
    return submits(
        "message/cpim", Stage.cpim(ANONYMOUS, ANONYMOUS, ownId, "message/imdn+xml", imdn.toXml()));
  }

  Sent probes() {
    Sent sent = new Sent();
    stage.tell(new ConversationEvent.Probe(sent.results::add));
    return sent;
  }

  // What it got

  /// The texts it received in order; an IMDN reads `disposition of id`.
  List<String> texts() {
    return received.stream().map(PlayedDevice::text).toList();
  }

  static String text(ConversationEffect.Deliver delivery) {
    if (!delivery.contentType().startsWith("message/cpim")) {
      return new String(delivery.body().whole(), UTF_8);
    }
    CpimMessage cpim = cpimOf(delivery.body().whole());
    if (!Imdn.isImdn(cpim.contentType())) {
      return new String(cpim.content(), UTF_8);
    }
    try {
      Imdn imdn = Imdn.parse(cpim.content());
      return imdn.status() + " of " + imdn.messageId();
    } catch (io.continuo.msrp.imdn.MalformedImdnException e) {
      throw new AssertionError(e);
    }
  }

  CpimMessage lastCpim() {
    return cpimOf(received.getLast().body().whole());
  }

  static CpimMessage cpimOf(byte[] body) {
    try {
      return CpimMessage.parse(body);
    } catch (MalformedCpimException e) {
      throw new AssertionError(e);
    }
  }

  AddressOfRecord owner() {
    return id.owner();
  }
}
