package io.continuo.server.transport.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.identity.LegId;
import io.continuo.sip.Flow;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("wire: no loop over ISC")
class ReturningRequestsTest {
  private static final String ROUTE = "<sip:continuo.test;lr>, <sip:192.0.2.9;lr;odi=7>";

  private final Scene scene = new Scene();

  /// An INVITE of ours as the core brings it back.
  private SipRequest back() {
    scene.gateway.invite(
        new LegId("leg1"),
        Scene.invitation(Scene.device("urn:uuid:bobs", "sip:bob@192.0.2.2", Optional.empty())));
    OutboundRequest ours = scene.endpoint.calls.getLast().request();
    return new SipRequest(
        ours.method(), ours.uri(), with(ours.headers(), "Route", ROUTE), ours.body());
  }

  private static SipHeaders with(SipHeaders headers, String name, String value) {
    return new SipHeaders(
            headers.all().stream().filter(h -> !h.name().equalsIgnoreCase(name)).toList())
        .with(name, value);
  }

  private static SipRequest with(SipRequest request, String name, String value) {
    return new SipRequest(
        request.method(), request.uri(), with(request.headers(), name, value), request.body());
  }

  private boolean isPassedOn(SipRequest request) {
    return scene.gateway.passesOn(Scene.CORE, request);
  }

  @Test
  void anInviteOfOursGoesOn() {
    assertThat(isPassedOn(back())).isTrue();
  }

  @Test
  void itsCancelAndItsAckGoOnAsWell() {
    SipRequest invite = back();
    SipHeaders kept =
        new SipHeaders(
            invite.headers().all().stream()
                .filter(h -> List.of("From", "To", "Route").contains(h.name()))
                .toList());
    for (String method : List.of("CANCEL", "ACK")) {
      assertThat(isPassedOn(new SipRequest(method, invite.uri(), kept, new byte[0]))).isTrue();
    }
  }

  @Test
  void theContactTellsItWhenTheTagWasChanged() {
    assertThat(isPassedOn(with(back(), "From", "<sip:alice@continuo.test>;tag=other"))).isTrue();
  }

  @Test
  void aServerWithTheSameKeyKnowsIt() {
    SipRequest invite = back();
    Scene other = new Scene(AuthSettings.DEFAULT, Scene.settings("multi-client", false, ""));
    assertThat(other.gateway.passesOn(Scene.CORE, invite)).isTrue();
  }

  @Test
  void aPeerThatIsNotTrustedIsNotBelieved() {
    for (Flow stranger : List.of(Scene.ALICE_TCP, Scene.ALICE_UDP)) {
      assertThat(scene.gateway.passesOn(stranger, back())).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "peer",
        "====",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void aForgedTokenIsForeign(String token) {
    SipRequest forged =
        with(
            with(back(), "From", "<sip:alice@continuo.test>;tag=" + token),
            "Contact",
            "<sip:continuo@127.0.0.1:5070;origin-token=" + token + ">");
    assertThat(isPassedOn(forged)).isFalse();
  }

  @Test
  void aTokenIsGoodForNoOtherPairOfPeople() {
    assertThat(isPassedOn(with(back(), "To", "<sip:carol@continuo.test>"))).isFalse();
    SipRequest invite = back();
    String from = invite.headers().first("From").orElseThrow();
    assertThat(isPassedOn(with(invite, "From", from.replace("alice", "bob")))).isFalse();
  }

  @Test
  void aTokenIsGoodInEveryLetter() {
    SipRequest invite = back();
    String from = invite.headers().first("From").orElseThrow();
    SipRequest changed = with(invite, "Contact", "<sip:continuo@127.0.0.1>");
    char last = from.charAt(from.length() - 1);
    String other = from.substring(0, from.length() - 1) + (last == 'A' ? 'Q' : 'A');
    assertThat(isPassedOn(with(changed, "From", from))).isTrue();
    assertThat(isPassedOn(with(changed, "From", other))).isFalse();
  }

  @Test
  void withoutOurRouteItEndsAsALoopAndStartsNoChat() {
    SipRequest stray = with(back(), "Route", "<sip:elsewhere.test;lr>");
    assertThat(isPassedOn(stray)).isFalse();
    FakeEndpoint.Invite invite = new FakeEndpoint.Invite(stray, Scene.CORE);
    scene.gateway.invited(invite);
    assertThat(invite.status()).isEqualTo(482);
    assertThat(scene.invitations).isEmpty();
    assertThat(scene.refusals).containsExactly("482 own request came back without our Route");
  }

  @Test
  void aForeignInviteOverTheSameRouteIsAnswered() {
    SipHeaders headers =
        Scene.chatHeaders("bob")
            .with("Route", ROUTE)
            .with("P-Asserted-Identity", "<sip:alice@continuo.test>");
    SipRequest foreign =
        new SipRequest("INVITE", "sip:bob@continuo.test", headers, Scene.bytes(Scene.chatSdp()));
    assertThat(isPassedOn(foreign)).isFalse();
    scene.invite("sip:bob@continuo.test", headers, "application/sdp", Scene.chatSdp(), Scene.CORE);
    assertThat(scene.invitations).hasSize(1);
  }

  @Test
  void aDamagedRequestIsForeign() {
    SipHeaders nobody = new SipHeaders(List.of(new SipHeader("Route", ROUTE)));
    assertThat(isPassedOn(new SipRequest("INVITE", "sip:x", nobody, new byte[0]))).isFalse();
  }
}
