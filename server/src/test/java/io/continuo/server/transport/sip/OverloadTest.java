package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said over the high-water mark.
class OverloadTest {
  private final Scene scene = new Scene();

  @ParameterizedTest
  @ValueSource(strings = {"MESSAGE", "REGISTER", "OPTIONS"})
  @Spec("RFC 3261 §21.5.4")
  void whatBeginsSomethingNewIs503WithRetryAfter(String method) {
    scene.overHighWater = true;
    FakeEndpoint.Request request =
        scene.request(method, "sip:bob@continuo.test", Scene.chatHeaders("bob"), "", ALICE_TCP);

    assertThat(request.status()).isEqualTo(503);
    assertThat(retryAfter(request)).isBetween(10, 20);
    assertThat(scene.refusals).containsExactly("503 overload");
  }

  @Test
  @Spec("RFC 3261 §21.5.4")
  void anInviteIs503AndNoLegIsMadeForIt() {
    scene.overHighWater = true;
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");

    assertThat(invite.status()).isEqualTo(503);
    assertThat(scene.gateway.legs()).isZero();
    assertThat(scene.invitations).isEmpty();

    scene.overHighWater = false;
    scene.aliceInvites("bob");
    assertThat(scene.invitations).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §21.5.4")
  void whatWasBegunGoesOn() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.answer(
        scene.invitations.getFirst().leg(),
        Scene.ourMedia(),
        "",
        new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty()));
    scene.overHighWater = true;
    FakeEndpoint.Request update =
        new FakeEndpoint.Request(
            new SipRequest("UPDATE", "sip:x", SipHeaders.NONE, bytes("")), ALICE_TCP);
    invite.listener.request(update);
    invite.listener.bye(new SipRequest("BYE", "sip:x", SipHeaders.NONE, bytes("")));

    assertThat(update.status()).isEqualTo(200);
    assertThat(scene.told).containsExactly("bye NONE");
    assertThat(scene.request("BYE", "sip:x", Scene.from("alice"), "", ALICE_TCP).status())
        .isEqualTo(481);
  }

  @Test
  void whoIsRefusedTogetherDoesNotComeBackTogether() {
    scene.overHighWater = true;
    Set<Integer> waits = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      waits.add(
          retryAfter(
              scene.request(
                  "OPTIONS", "sip:continuo.test", Scene.chatHeaders("bob"), "", ALICE_TCP)));
    }

    assertThat(waits).hasSizeGreaterThan(5).allMatch(wait -> wait >= 10 && wait <= 20);
  }

  private static int retryAfter(FakeEndpoint.Request request) {
    return Integer.parseInt(request.answer().headers().first("Retry-After").orElseThrow());
  }
}
