package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static io.continuo.server.transport.sip.Scene.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.NameAddr;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundLegsTest {
  private static final LegId LEG = new LegId("leg1");
  private static final Flow BOB_TCP = Scene.flow(Flow.Transport.TCP, "192.0.2.2", 9);
  private static final String CONTACT = "sip:bob@192.0.2.2:6000;transport=tcp";
  private static final Device PHONE = Scene.device("urn:uuid:bobs", CONTACT, Optional.of(BOB_TCP));
  private final Scene scene = new Scene();

  private FakeEndpoint.Call invite(Invitation invitation) {
    scene.gateway.invite(LEG, invitation);
    return scene.endpoint.calls.getLast();
  }

  private FakeEndpoint.Call invite() {
    return invite(Scene.invitation(PHONE));
  }

  @Test
  @Spec("wire: marks")
  @Spec("RFC 3261 §20.20")
  @Spec("OMA CPM 2.2 §7.2")
  void anInviteGoesToTheContactOverItsFlowWithTheMark() {
    OutboundRequest request = invite().request();
    assertThat(request.uri()).isEqualTo(CONTACT);
    assertThat(request.nextHop()).isEqualTo(new NextHop.OverFlow(BOB_TCP));
    assertThat(header(request, "From")).startsWith("<sip:alice@continuo.test>;tag=");
    assertThat(header(request, "To")).isEqualTo("<sip:bob@continuo.test>");
    assertThat(header(request, "P-Asserted-Identity")).isEqualTo("<sip:alice@continuo.test>");
    assertThat(header(request, "Contact"))
        .matches(
            "<sip:continuo@127.0.0.1:5070;transport=tcp;origin-token=[\\w-]{38}>;\\+g.oma.sip-im");
    assertThat(header(request, "Supported")).isEqualTo("multi-client");
    assertThat(header(request, "Expires")).isEqualTo("180");
    assertThat(header(request, "Conversation-ID")).isEqualTo("conv");
    assertThat(header(request, "Contribution-ID")).isEqualTo("contrib");
    assertThat(header(request, "Accept-Contact")).isEqualTo("*;+g.oma.sip-im");
    assertThat(header(request, "Content-Type")).isEqualTo("application/sdp");
    assertThat(sdp(request))
        .contains("a=setup:actpass\r\n", "a=path:msrp://127.0.0.1:2855/leg1;tcp\r\n")
        .doesNotContain("multi-client");
  }

  @Test
  @Spec("wire: marks")
  void bothMarksAreConfigurable() {
    Scene other = new Scene(AuthSettings.DEFAULT, Scene.settings("", true, ""));
    other.gateway.invite(LEG, Scene.invitation(PHONE));
    OutboundRequest request = other.endpoint.calls.getFirst().request();
    assertThat(request.headers().elements("Supported")).containsExactly("timer");
    assertThat(sdp(request)).contains("a=multi-client\r\n");
  }

  @Test
  @Spec("RFC 4579 §4")
  void aGroupsInviteHasTheFocusInContact() {
    Invitation one = Scene.invitation(PHONE);
    Invitation group =
        new Invitation(
            one.device(),
            one.from(),
            one.to(),
            Optional.of("sip:g-1@continuo.test"),
            one.offer(),
            one.headers(),
            one.expires());
    assertThat(header(invite(group).request(), "Contact"))
        .matches("<sip:g-1@127.0.0.1:5070;transport=tcp;origin-token=.*>;isfocus;\\+g.oma.sip-im");
  }

  @Test
  @Spec("RFC 3327 §5")
  @Spec("RFC 3327 §5.1")
  void aClosedFlowMeansTheRouteByPath() {
    scene.endpoint.closedConnections.add(9L);
    OutboundRequest request =
        invite(
                Scene.invitation(
                    Scene.device(
                        "urn:uuid:bobs", CONTACT, Optional.of(BOB_TCP), "<sip:edge.test;lr>")))
            .request();
    assertThat(request.nextHop()).isEqualTo(new NextHop.ByRoute());
    assertThat(request.headers().lines("Route")).containsExactly("<sip:edge.test;lr>");
  }

  private static OutboundRequest throughCore(Device device) {
    Scene core =
        new Scene(AuthSettings.DEFAULT, Scene.settings("multi-client", false, "sip:scscf.test;lr"));
    core.gateway.invite(LEG, Scene.invitation(device));
    return core.endpoint.calls.getFirst().request();
  }

  private static Device ofCore(String instance, String... features) {
    return new Device(
        new DeviceId(Scene.BOB, instance),
        DeviceSource.THIRD_PARTY_REGISTER,
        PHONE.channel(),
        List.of(
            new DeviceRoute(
                CONTACT,
                List.of("<sip:pcscf.test;lr>"),
                Optional.empty(),
                0,
                features.length == 0 ? Map.of() : Map.of(features[0], features[1]),
                Instant.MAX)));
  }

  @Test
  @Spec("TS 24.229 §5.7.3")
  @Spec("RFC 3841 §7.2")
  void aDeviceOfTheCoreIsNamedByItsSubscriberAndItsInstance() {
    OutboundRequest request = throughCore(ofCore("urn:uuid:bobs"));
    assertThat(request.uri()).isEqualTo("sip:bob@continuo.test");
    assertThat(request.nextHop()).isEqualTo(new NextHop.ByRoute());
    assertThat(request.headers().lines("Route"))
        .singleElement(STRING)
        .matches("<sip:scscf.test;lr;origin-token=[\\w-]{38}>");
    assertThat(request.headers().lines("Accept-Contact"))
        .contains("*;+sip.instance=\"<urn:uuid:bobs>\";require;explicit");
  }

  @Test
  @Spec("RFC 5627 §5.1")
  void aDeviceOfTheCoreWithAGruuIsNamedByIt() {
    String gruu = "sip:bob@continuo.test;gr=urn:uuid:bobs";
    OutboundRequest request = throughCore(ofCore("urn:uuid:bobs", "pub-gruu", gruu));
    assertThat(request.uri()).isEqualTo(gruu);
    assertThat(request.headers().lines("Route")).hasSize(1);
    assertThat(request.headers().lines("Accept-Contact")).containsExactly("*;+g.oma.sip-im");
  }

  @Test
  void aDeviceOfTheCoreThatHasNoNameOfItsOwnIsReachedByItsContact() {
    OutboundRequest request = throughCore(ofCore(CONTACT));
    assertThat(request.uri()).isEqualTo(CONTACT);
    assertThat(request.headers().lines("Route").getLast()).isEqualTo("<sip:pcscf.test;lr>");
  }

  @Test
  void aDeviceThatRegisteredHereIsNotLookedForInTheCore() {
    OutboundRequest request =
        throughCore(Scene.device("urn:uuid:bobs", CONTACT, Optional.empty(), "<sip:edge.test;lr>"));
    assertThat(request.uri()).isEqualTo(CONTACT);
    assertThat(request.headers().lines("Route")).containsExactly("<sip:edge.test;lr>");
  }

  @Test
  @Spec("wire: no loop over ISC")
  void theTokenIsTheFromTagOfEveryRequestAndNeverTheSame() {
    FakeEndpoint.Call first = invite();
    FakeEndpoint.Call second = invite(Scene.invitation(PHONE));
    String tag = tag(first.request());
    assertThat(header(first.request(), "Contact")).contains(";origin-token=" + tag + ">");
    assertThat(tag).hasSize(38).isNotEqualTo(tag(second.request()));
  }

  private static String tag(OutboundRequest request) {
    return NameAddr.parse(header(request, "From")).orElseThrow().parameter("tag").orElseThrow();
  }

  @Test
  @Spec("RFC 3841 §7.1")
  void aDeviceWithoutAUsableContactIsPickedByItsInstance() {
    OutboundRequest request =
        invite(Scene.invitation(Scene.device("urn:uuid:bobs", "urn:none", Optional.empty())))
            .request();
    assertThat(request.uri()).isEqualTo("sip:bob@continuo.test");
    assertThat(request.headers().lines("Accept-Contact"))
        .containsExactly("*;+g.oma.sip-im", "*;+sip.instance=\"<urn:uuid:bobs>\";require;explicit");
  }

  // ---- privacy

  @Test
  @Spec("RFC 3323 §5")
  @Spec("RFC 3325 §7")
  void aDeviceIsNotToldWhoAskedForPrivacy() {
    OutboundRequest request = invite(Scene.invitation(PHONE).anonymously()).request();
    assertThat(header(request, "From")).startsWith("<sip:anonymous@anonymous.invalid>;tag=");
    assertThat(header(request, "Privacy")).isEqualTo("id");
    assertThat(request.headers().has("P-Asserted-Identity")).isFalse();
    assertThat(request.uri() + request.headers() + sdp(request)).doesNotContain("alice");
  }

  @Test
  @Spec("RFC 3325 §7")
  void theCoreIsToldWhoAskedForPrivacyAndThatItDid() {
    Scene core =
        new Scene(AuthSettings.DEFAULT, Scene.settings("multi-client", false, "sip:scscf.test;lr"));
    core.gateway.invite(LEG, Scene.invitation(ofCore("urn:uuid:bobs")).anonymously());
    OutboundRequest request = core.endpoint.calls.getFirst().request();
    assertThat(header(request, "From")).startsWith("<sip:anonymous@anonymous.invalid>;tag=");
    assertThat(header(request, "Privacy")).isEqualTo("id");
    assertThat(header(request, "P-Asserted-Identity")).isEqualTo("<sip:alice@continuo.test>");
  }

  @Test
  @Spec("RFC 3323 §5")
  @Spec("RFC 3325 §7")
  void aMessageDoesNotTellWhoAskedForPrivacy() {
    scene.gateway.page(
        LEG,
        PHONE,
        Scene.ALICE,
        Scene.BOB.uri(),
        Optional.empty(),
        6,
        new ConversationEffect.Deliver(LEG, 5, "m1", "message/cpim", Body.of(bytes("cpim")), true));
    OutboundRequest request = scene.endpoint.sent.getFirst().request();
    assertThat(header(request, "Max-Forwards")).isEqualTo("6");
    assertThat(header(request, "From")).startsWith("<sip:anonymous@anonymous.invalid>;tag=");
    assertThat(header(request, "Privacy")).isEqualTo("id");
    assertThat(request.headers().has("P-Asserted-Identity")).isFalse();
    assertThat(request.headers().toString()).doesNotContain("alice");
  }

  // ---- several flows

  private static final Flow BOB_SECOND = Scene.flow(Flow.Transport.TCP, "192.0.2.3", 10);
  private static final Device TWO_FLOWS =
      new Device(
          PHONE.id(),
          DeviceSource.REGISTER,
          PHONE.channel(),
          List.of(flow(BOB_TCP, 1), flow(BOB_SECOND, 2)));

  private static DeviceRoute flow(Flow flow, int regId) {
    return new DeviceRoute(
        CONTACT, List.of(), Optional.of(flow.toString()), regId, Map.of(), Instant.MAX);
  }

  @ParameterizedTest
  @ValueSource(ints = {430, 408, 503})
  @Spec("RFC 5626 §5.3")
  void whenAFlowFailsTheNextIsTriedForTheSameLeg(int status) {
    FakeEndpoint.Call first = invite(Scene.invitation(TWO_FLOWS));
    assertThat(first.request().nextHop()).isEqualTo(new NextHop.OverFlow(BOB_TCP));
    first.listener().refused(SipResponse.of(status));

    assertThat(scene.endpoint.calls).hasSize(2);
    FakeEndpoint.Call second = scene.endpoint.calls.getLast();
    assertThat(second.request().nextHop()).isEqualTo(new NextHop.OverFlow(BOB_SECOND));
    assertThat(scene.told).isEmpty();
    assertThat(scene.attempts).isEmpty();
    second.listener().accepted(new FakeEndpoint.Dialog(), ok(chatSdp()));
    assertThat(scene.told).containsExactly("accepted leg1");
    assertThat(scene.answeredOver).contains("192.0.2.3");
    assertThat(scene.attempts).containsExactly("urn:uuid:bobs 200");
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void whenEveryFlowHasFailedTheLegHas() {
    invite(Scene.invitation(TWO_FLOWS)).listener().refused(SipResponse.of(430));
    scene.endpoint.calls.getLast().listener().refused(SipResponse.of(408));
    assertThat(scene.endpoint.calls).hasSize(2);
    assertThat(scene.told).containsExactly("refused leg1 408");
    assertThat(scene.attempts).containsExactly("urn:uuid:bobs 408");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  void aDeviceThatRangOrRefusedIsNotAskedOverAnotherFlow() {
    FakeEndpoint.Call ringing = invite(Scene.invitation(TWO_FLOWS));
    ringing.listener().provisional(SipResponse.of(180));
    ringing.listener().refused(SipResponse.of(408));
    invite(Scene.invitation(TWO_FLOWS)).listener().refused(SipResponse.of(486));
    assertThat(scene.endpoint.calls).hasSize(2);
  }

  @Test
  void aLegThatWasGivenUpIsNotTriedOverAnotherFlow() {
    FakeEndpoint.Call first = invite(Scene.invitation(TWO_FLOWS));
    scene.gateway.cancel(LEG, false);
    first.listener().refused(SipResponse.of(408));
    assertThat(scene.endpoint.calls).hasSize(1);
    assertThat(scene.told).containsExactly("refused leg1 408");
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void aFlowWhoseConnectionIsClosedIsNotUsed() {
    scene.endpoint.closedConnections.add(9L);
    FakeEndpoint.Call only = invite(Scene.invitation(TWO_FLOWS));
    assertThat(only.request().nextHop()).isEqualTo(new NextHop.OverFlow(BOB_SECOND));
    only.listener().refused(SipResponse.of(430));
    assertThat(scene.endpoint.calls).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {430, 513})
  void aMessageGoesOverTheNextFlowToo(int status) {
    page(TWO_FLOWS);
    scene.endpoint.sent.getFirst().listener().completed(SipResponse.of(status));
    assertThat(scene.endpoint.sent).hasSize(2);
    assertThat(scene.endpoint.sent.getLast().request().nextHop())
        .isEqualTo(new NextHop.OverFlow(BOB_SECOND));
    assertThat(scene.told).isEmpty();
    scene.endpoint.sent.getLast().listener().completed(SipResponse.of(200));
    assertThat(scene.told).containsExactly("paged leg1 5 200");
  }

  private void page(Device device) {
    scene.gateway.page(
        LEG,
        device,
        Scene.ALICE,
        Scene.BOB.uri(),
        Optional.of("sip:g-1@continuo.test"),
        70,
        new ConversationEffect.Deliver(LEG, 5, "m1", "message/cpim", bytes("cpim")));
  }

  @Test
  @Spec("wire: privacy")
  void nothingOfTheOriginatorsDeviceGoesOut() {
    scene.invite(
        "sip:bob@continuo.test",
        Scene.chatHeaders("bob")
            .with("User-Agent", "AlicePhone/7")
            .with("Via", "SIP/2.0/TCP 192.0.2.1:6000;branch=z9hG4bKalice")
            .with("P-Access-Network-Info", "3GPP-E-UTRAN;cell=alice"),
        "application/sdp",
        chatSdp(),
        Scene.ALICE_TCP);
    OutboundRequest request = invite().request();
    String everything = request.uri() + request.headers() + sdp(request);
    assertThat(everything)
        .doesNotContain(
            "192.0.2.1", "urn:uuid:phone", "AlicePhone", "z9hG4bKalice", "cell", "peer1")
        .contains("sip:alice@continuo.test");
  }

  @Test
  void ringingAndAcceptanceAreToldInOrder() {
    FakeEndpoint.Call call = invite();
    call.listener().provisional(SipResponse.of(100));
    call.listener().provisional(SipResponse.of(180));
    SipResponse marked =
        new SipResponse(200, "", SipHeaders.of("Supported", "multi-client"), bytes(chatSdp()));
    DialogListener dialog = call.listener().accepted(new FakeEndpoint.Dialog(), marked);
    dialog.bye(new SipRequest("BYE", "sip:x", SipHeaders.NONE, bytes("")));

    assertThat(scene.told).containsExactly("ringing leg1", "accepted leg1", "bye NONE");
    assertThat(scene.answered.setup()).isEqualTo(MsrpMedia.Setup.PASSIVE);
    assertThat(scene.answered.multiClient()).isTrue();
    assertThat(scene.attempts).containsExactly("urn:uuid:bobs 200");
    assertThat(scene.gateway.legs()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "m=message 0 TCP/MSRP *"})
  void aSuccessWithoutAUsableAnswerIsEndedAndCountsAs488(String line) {
    FakeEndpoint.Dialog dialog = new FakeEndpoint.Dialog();
    invite().listener().accepted(dialog, ok(Scene.sdp(line)));
    assertThat(dialog.byes).hasSize(1);
    assertThat(scene.told).containsExactly("refused leg1 488");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 3261 §13.2.2.4")
  void ofSeveralSuccessesDownstreamTheFirstStays() {
    FakeEndpoint.Call call = invite();
    FakeEndpoint.Dialog first = new FakeEndpoint.Dialog();
    FakeEndpoint.Dialog second = new FakeEndpoint.Dialog();
    call.listener().accepted(first, ok(chatSdp()));
    call.listener().accepted(second, ok(chatSdp()));
    assertThat(first.byes).isEmpty();
    assertThat(second.byes).hasSize(1);
    assertThat(scene.told).containsExactly("accepted leg1");

    scene.gateway.bye(LEG, ByeReason.USER_LEAVES);
    assertThat(first.byes).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §9.1")
  void aSuccessThatCrossesOurCancelIsEnded() {
    FakeEndpoint.Call call = invite();
    FakeEndpoint.Dialog dialog = new FakeEndpoint.Dialog();
    scene.gateway.cancel(LEG, true);
    call.listener().accepted(dialog, ok(chatSdp()));
    assertThat(call.cancels())
        .extracting(headers -> headers.first("Reason").orElse(""))
        .containsExactly("SIP;cause=200;text=\"Call completed elsewhere\"");
    assertThat(dialog.byes).hasSize(1);
    assertThat(scene.told).containsExactly("refused leg1 487");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  void aCancelAfterTheSuccessIsABye() {
    FakeEndpoint.Call call = invite();
    FakeEndpoint.Dialog dialog = new FakeEndpoint.Dialog();
    call.listener().accepted(dialog, ok(chatSdp()));
    scene.gateway.cancel(LEG, false);
    assertThat(call.cancels()).isEmpty();
    assertThat(dialog.byes).hasSize(1);
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  void aByeBeforeTheAnswerIsACancel() {
    FakeEndpoint.Call call = invite();
    scene.gateway.bye(LEG, ByeReason.NONE);
    assertThat(call.cancels()).hasSize(1);
    call.listener().refused(SipResponse.of(487));
    assertThat(scene.told).containsExactly("refused leg1 487");
    assertThat(scene.attempts).isEmpty();
  }

  @Test
  void aRefusalIsToldWithWhetherTheDeviceTakesMessages() {
    invite().listener().refused(SipResponse.of(405, SipHeaders.of("Allow", "ACK, MESSAGE")));
    assertThat(scene.told).containsExactly("refused leg1 405 takes MESSAGE");
    assertThat(scene.attempts).containsExactly("urn:uuid:bobs 405");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  void aMessageInALegGoesToWhoStartedTheChat() {
    DialogListener dialog = invite().listener().accepted(new FakeEndpoint.Dialog(), ok(chatSdp()));
    dialog.request(
        new FakeEndpoint.Request(
            new SipRequest(
                "MESSAGE", "sip:x", SipHeaders.of("Content-Type", "text/plain"), bytes("yo")),
            BOB_TCP));
    assertThat(scene.told)
        .contains("message sip:bob@continuo.test to sip:alice@continuo.test text/plain yo");
  }

  @Test
  @Spec("RFC 3428 §4")
  void aPagerMessageHasNoContactAndItsAnswerIsTold() {
    page(PHONE);
    FakeEndpoint.Sent sent = scene.endpoint.sent.getFirst();
    assertThat(sent.request().method()).isEqualTo("MESSAGE");
    assertThat(sent.request().uri()).isEqualTo(CONTACT);
    assertThat(header(sent.request(), "Content-Type")).isEqualTo("message/cpim");
    assertThat(sent.request().headers().has("Contact")).isFalse();
    assertThat(header(sent.request(), "Reply-To")).isEqualTo("<sip:g-1@continuo.test>");
    assertThat(sent.request().body()).isEqualTo(bytes("cpim"));

    sent.listener().completed(SipResponse.of(202));
    assertThat(scene.told).containsExactly("paged leg1 5 202");
    assertThat(scene.attempts).containsExactly("urn:uuid:bobs 202");
  }

  private static String header(OutboundRequest request, String name) {
    return request.headers().first(name).orElse("");
  }

  private static String sdp(OutboundRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }
}
