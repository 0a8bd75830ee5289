package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.b2bua.SessionChannel;
import io.continuo.server.b2bua.SipSignalling;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who connects, for every pair of roles, over real sockets: a leg's SIP side is a fake, the device
/// a plain text peer.
class ConnectionRolesTest extends MsrpEndpointFixture {
  private static final Device TABLET =
      new Device(
          new DeviceId(BOB, "tablet"), DeviceSource.REGISTER, ChannelKind.SESSION, PHONE.routes());

  private final Signalling sip = new Signalling();
  private ServerSocket listener;
  private SessionChannel channel;

  @BeforeEach
  void theDeviceListens() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    opened.add(listener);
  }

  /// Nor does anyone else on its port.
  private void theDeviceListensNoMore() throws IOException {
    listener.close();
    var held = new Socket();
    opened.add(held);
    held.setReuseAddress(true);
    held.bind(listener.getLocalSocketAddress());
  }

  private String devicePath() {
    return "msrp://127.0.0.1:" + listener.getLocalPort() + "/peersession;tcp";
  }

  private MsrpMedia device(Setup setup) {
    int port = setup == Setup.ACTIVE ? 9 : listener.getLocalPort();
    return new MsrpMedia(
        List.of(devicePath()), setup, port, List.of("text/plain"), List.of(), 1 << 20, true);
  }

  private void weOffer(Setup answer) {
    MsrpMedia offer = TERMS.offer(endpoint.offer(leg, PHONE));
    assertThat(offer.setup()).isEqualTo(Setup.ACTPASS);
    var invitation =
        new Invitation(
            PHONE,
            BOB,
            "sip:bob@continuo.test",
            Optional.empty(),
            offer,
            ConversationHeaders.NONE,
            Duration.ofMinutes(1));
    channel = SessionChannel.toward(leg, invitation, sip, endpoint, TERMS);
    channel.invite();
    channel.accepted(device(answer), LOCAL);
  }

  private void theDeviceOffers(Setup offer) {
    var invitation =
        new InboundInvitation(
            leg,
            PHONE,
            LOCAL,
            new InboundInvitation.ToWhom.One(BOB),
            Optional.of(device(offer)),
            true,
            Optional.empty(),
            ConversationHeaders.NONE,
            Duration.ofMinutes(1),
            70,
            false);
    channel = SessionChannel.from(invitation, sip, endpoint, TERMS);
    channel.answer(Optional.empty());
    channel.acknowledged();
  }

  private TextPeer accepts() throws IOException {
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);
    return peer;
  }

  /// Binds over a connection of the device, and answers the bodiless SEND that we send then.
  private TextPeer connectsAndBinds() throws Exception {
    TextPeer peer = connects();
    peer.expectsAnswer(peer.sendBodiless(path(), devicePath()), 200);
    events.next(Bound.class);
    assertThat(channel.bound()).isTrue();
    return peer;
  }

  private void talks(TextPeer peer) throws Exception {
    endpoint.send(delivery(1, "to the device"));
    Frame came = peer.nextRequest();
    assertThat(came.body()).isEqualTo("to the device");
    peer.answer(came, "200 OK");
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
    String message = peer.sendText(path(), devicePath(), "m1", "from the device");
    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo("from the device");
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(message, 200);
  }

  /// By now several messages went to and fro, so a connect would be here.
  private void nobodyConnects() throws IOException {
    listener.setSoTimeout(1);
    assertThatThrownBy(listener::accept).isInstanceOf(SocketTimeoutException.class);
  }

  @ParameterizedTest(name = "the device offers {0}: we answer {1}")
  @Spec("RFC 6135 §4.2.2")
  @Spec("RFC 4145 §4.1")
  @CsvSource({
    "ACTIVE,  PASSIVE",
    "ACTPASS, PASSIVE",
    "PASSIVE, ACTIVE",
  })
  void whoConnectsFollowsFromTheDevicesOffer(Setup offer, Setup answer) throws Exception {
    theDeviceOffers(offer);
    boolean weConnect = answer == Setup.ACTIVE;

    assertThat(sip.answered.setup()).isEqualTo(answer);
    int ours = endpoint.address().getPort();
    assertThat(sip.answered.port()).isEqualTo(weConnect ? 9 : ours);
    connectsAsAgreed(weConnect);
  }

  /// A device that does not know `a=setup` lets the offerer connect: it is [Setup#ACTIVE] when it
  /// offers and [Setup#PASSIVE] when it answers.
  @ParameterizedTest(name = "the device answers {0}: we connect {1}")
  @Spec("RFC 6135 §4.2.2")
  @CsvSource({
    "ACTIVE,  false",
    "PASSIVE, true",
    "ACTPASS, true",
  })
  void whoConnectsFollowsFromTheDevicesAnswer(Setup answer, boolean weConnect) throws Exception {
    weOffer(answer);

    connectsAsAgreed(weConnect);
  }

  /// LineageOS answers `passive` to `actpass` and listens nowhere.
  @Test
  @Spec("wire: interop contract")
  @Spec("RFC 6135 §4.2.2")
  void aDeviceThatChoseToWaitAndCannotBeConnectedToIsOfferedThatItConnects() throws Exception {
    theDeviceListensNoMore();
    weOffer(Setup.PASSIVE);
    NotDialled told = events.next(NotDialled.class);
    assertThat(told.leg()).isEqualTo(leg);
    assertThat(told.peerConnectsNext()).isTrue();
    endpoint.close(leg);

    assertThat(offered("legB", PHONE)).isEqualTo(Setup.PASSIVE);
    assertThat(offered("legC", TABLET)).as("another device").isEqualTo(Setup.ACTPASS);
  }

  @Test
  @Spec("RFC 6135 §4.2.2")
  void aDeviceThatDoesNotConnectThenMayChooseAgain() throws Exception {
    endpoint =
        start(settings(Duration.ofSeconds(3), Duration.ofSeconds(30), Duration.ofMinutes(5)));
    theDeviceListensNoMore();
    weOffer(Setup.PASSIVE);
    events.next(NotDialled.class);
    var second = new LegId("legB");
    MsrpMedia offer = TERMS.offer(endpoint.offer(second, PHONE));
    endpoint.expect(second, offer);
    endpoint.start(second, BOB, device(Setup.ACTIVE), false, LOCAL);

    assertThat(events.next(Unbound.class).leg()).isEqualTo(second);
    assertThat(offered("legC", PHONE)).isEqualTo(Setup.ACTPASS);
  }

  /// Another invitation would meet the same, so the leg is not ended for one.
  @Test
  @Spec("RFC 6135 §4.2.2")
  void aDeviceThatHasToConnectAndWaitsAllTheSameIsUnboundAndMayChooseAgain() throws Exception {
    theDeviceListensNoMore();
    weOffer(Setup.PASSIVE);
    events.next(NotDialled.class);
    var second = new LegId("legB");
    MsrpMedia offer = TERMS.offer(endpoint.offer(second, PHONE));
    assertThat(offer.setup()).isEqualTo(Setup.PASSIVE);
    endpoint.expect(second, offer);
    endpoint.start(second, BOB, device(Setup.PASSIVE), true, LOCAL);

    assertThat(events.next(Unbound.class).leg()).isEqualTo(second);
    assertThat(offered("legC", PHONE)).isEqualTo(Setup.ACTPASS);
  }

  @Test
  void aDeviceThatOnlyDidNotComeMayStillChoose() throws Exception {
    endpoint =
        start(settings(Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofMinutes(5)));
    weOffer(Setup.ACTIVE);

    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    assertThat(offered("legB", PHONE)).isEqualTo(Setup.ACTPASS);
  }

  @Test
  void aDeviceThatWasConnectedToOnceIsAwaitedAgain() throws Exception {
    weOffer(Setup.PASSIVE);
    TextPeer peer = accepts();
    peer.answer(peer.nextRequest(), "200 OK");
    events.next(Bound.class);
    assertThat(channel.bound()).isTrue();
    theDeviceListensNoMore();
    peer.close();
    events.next(Unbound.class);

    channel.redial();

    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    assertThat(offered("legB", PHONE)).isEqualTo(Setup.ACTPASS);
  }

  private Setup offered(String other, Device device) {
    return TERMS.offer(endpoint.offer(new LegId(other), device)).setup();
  }

  private void connectsAsAgreed(boolean weConnect) throws Exception {
    if (weConnect) {
      TextPeer peer = accepts();
      peer.answer(peer.nextRequest(), "200 OK");
      events.next(Bound.class);
      assertThat(channel.bound()).isTrue();
      talks(peer);
    } else {
      TextPeer peer = connectsAndBinds();
      peer.answer(peer.nextRequest(), "200 OK");
      talks(peer);
      nobodyConnects();
    }
    assertThat(events.hasNothing()).isTrue();
  }

  @ParameterizedTest(name = "we offer: {0}")
  @Spec("wire: connection model")
  @CsvSource({"true", "false"})
  void bothConnectAndTheDevicesBindIsAnsweredFirst(boolean weOffer) throws Exception {
    weConnect(weOffer);
    TextPeer ours = accepts();
    ours.nextRequest();

    TextPeer theirs = connectsAndBinds();

    Frame bodiless = theirs.nextRequest();
    assertThat(bodiless.header("Byte-Range")).isEqualTo("1-0/0");
    theirs.answer(bodiless, "200 OK");
    ours.expectsClosed();
    talks(theirs);
    assertThat(events.hasNothing()).as("bound once, never unbound").isTrue();
  }

  @ParameterizedTest(name = "we offer: {0}")
  @Spec("wire: connection model")
  @CsvSource({"true", "false"})
  void bothConnectAndOurBindIsAnsweredFirst(boolean weOffer) throws Exception {
    closesUnboundConnectionsSoon();
    weConnect(weOffer);
    TextPeer ours = accepts();
    ours.answer(ours.nextRequest(), "200 OK");
    events.next(Bound.class);
    assertThat(channel.bound()).isTrue();

    TextPeer theirs = connects();
    String bind = theirs.sendBodiless(path(), devicePath());
    ours.answer(ours.nextRequest(), "200 OK"); // Whether it is alive.
    theirs.expectsAnswer(bind, 506);

    theirs.expectsClosed();
    talks(ours);
    assertThat(events.hasNothing()).as("bound once, never unbound").isTrue();
  }

  /// Neither side waits for the other; whichever bind we see answered first wins.
  @ParameterizedTest(name = "we offer: {0}")
  @Spec("wire: connection model")
  @CsvSource({"true", "false"})
  void bothBindAtTheSameMomentAndOneConnectionIsKept(boolean weOffer) throws Exception {
    closesUnboundConnectionsSoon();
    weConnect(weOffer);
    TextPeer ours = accepts();
    Frame bind = ours.nextRequest();
    TextPeer theirs = connects();

    String theirBind = theirs.sendBodiless(path(), devicePath());
    ours.answer(bind, "200 OK");

    events.next(Bound.class);
    assertThat(channel.bound()).isTrue();
    // The end of ours may be here before the answer on theirs is, and decides nothing.
    await()
        .atMost(Duration.ofSeconds(TextPeer.WAIT_SECONDS))
        .until(() -> ours.hasFrame() || theirs.hasFrame());
    if (ours.hasFrame()) {
      ours.answer(ours.nextRequest(), "200 OK");
      theirs.expectsAnswer(theirBind, 506);
      theirs.expectsClosed();
      talks(ours);
    } else {
      theirs.expectsAnswer(theirBind, 200);
      theirs.answer(theirs.nextRequest(), "200 OK");
      ours.expectsClosed();
      talks(theirs);
    }
    assertThat(events.hasNothing()).as("bound once, never unbound").isTrue();
  }

  /// Each side saw another bind answered first, and closed the connection that the other keeps.
  @Test
  @Spec("wire: connection model")
  void bothConnectionsAreClosedAndTheLegConnectsOnceMore() throws Exception {
    weConnect(true);
    TextPeer ours = accepts();
    ours.nextRequest();
    TextPeer theirs = connectsAndBinds();
    ours.expectsClosed();

    theirs.close();
    events.next(Unbound.class);
    channel.redial();

    TextPeer again = accepts();
    again.answer(again.nextRequest(), "200 OK");
    events.next(Bound.class);
    assertThat(channel.bound()).isTrue();
    talks(again);
  }

  /// One whose bind was refused goes with the bind time-out.
  private void closesUnboundConnectionsSoon() throws IOException {
    Duration soon = Duration.ofSeconds(4); // Within which both connect and bind.
    endpoint = start(settings(soon, Duration.ofSeconds(30), Duration.ofMinutes(5)));
  }

  private void weConnect(boolean weOffer) {
    if (weOffer) {
      weOffer(Setup.PASSIVE);
    } else {
      theDeviceOffers(Setup.PASSIVE);
    }
  }

  /// Remembers our answer.
  private static final class Signalling implements SipSignalling {
    private MsrpMedia answered;

    @Override
    public void invite(LegId leg, Invitation invitation) {}

    @Override
    public void ring(LegId leg) {}

    @Override
    public void answer(LegId leg, MsrpMedia media, String focus, ConversationHeaders headers) {
      answered = media;
    }

    @Override
    public void refuse(LegId leg, int status, String reason) {}

    @Override
    public void cancel(LegId leg, boolean answeredElsewhere) {}

    @Override
    public void bye(LegId leg, ByeReason reason) {}

    @Override
    public void refresh(LegId leg, Duration interval) {}

    @Override
    public void page(
        LegId leg,
        Device device,
        AddressOfRecord from,
        String to,
        Optional<String> replyTo,
        int maxForwards,
        ConversationEffect.Deliver message) {}
  }
}
