package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.ALICE_UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.sip.SipHeaders;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageRequestsTest {
  private static final String BOB = "sip:bob@continuo.test";
  private final Scene scene = new Scene();

  private FakeEndpoint.Request message(String uri, String type) {
    SipHeaders headers = Scene.from("alice").with("To", "<" + uri + ">").with("Content-Type", type);
    return scene.request("MESSAGE", uri, headers, "hi", ALICE_TCP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message/cpim",
        "text/plain;charset=UTF-8",
        "Message/CPIM; charset=\"utf8\"",
        "message/imdn+xml",
        "application/im-iscomposing+xml"
      })
  @Spec("RFC 3428 §4")
  void aPagerMessageReachesTheChatAsItIs(String type) {
    FakeEndpoint.Request request = message(BOB, type);
    assertThat(scene.told)
        .containsExactly(
            "message sip:alice@continuo.test to sip:bob@continuo.test " + type + " hi");
    assertThat(request.responses).isEmpty();
    assertThat(scene.seen)
        .containsExactly(
            "sip:alice@continuo.test sip:alice@192.0.2.1:6000;transport=tcp " + ALICE_TCP);
  }

  @Test
  @Spec("RFC 3261 §16.3")
  void oneThatMayNotBePassedOnIs483AndNobodyIsTold() {
    SipHeaders headers =
        Scene.from("alice")
            .with("To", "<" + BOB + ">")
            .with("Max-Forwards", "0")
            .with("Content-Type", "text/plain");
    assertThat(scene.request("MESSAGE", BOB, headers, "hi", ALICE_TCP).status()).isEqualTo(483);
    assertThat(scene.told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"no-fork,true", "'parallel, No-Fork',true", "fork,false", "no-forking,false"})
  @Spec("wire: interop contract")
  void thatItIsNotToBeForkedIsTold(String disposition, boolean told) {
    SipHeaders headers =
        Scene.from("alice")
            .with("To", "<" + BOB + ">")
            .with("Content-Type", "text/plain")
            .with("Request-Disposition", disposition);
    scene.request("MESSAGE", BOB, headers, "hi", ALICE_TCP);

    assertThat(scene.told.getFirst().startsWith("no-fork ")).isEqualTo(told);
  }

  @Test
  void theAnswerIsWhatBecameOfIt() {
    assertThat(answerTo(new SubmitResult.Accepted())).isEqualTo(200);
    assertThat(answerTo(new SubmitResult.Duplicate())).isEqualTo(200);
    assertThat(answerTo(new SubmitResult.Refused(413, "too large"))).isEqualTo(413);
    assertThat(answerTo(new SubmitResult.Unavailable("disk full"))).isEqualTo(503);
    assertThat(scene.refusals).containsExactly("413 too large", "503 disk full");
  }

  private int answerTo(SubmitResult result) {
    FakeEndpoint.Request request = message(BOB, "text/plain");
    scene.replies.getLast().answer(result);
    return request.status();
  }

  @ParameterizedTest
  @CsvSource({
    "sip:nobody@continuo.test,text/plain,404",
    "sip:bob@elsewhere.test,text/plain,404",
    "sip:chat@continuo.test,text/plain,404",
    "sip:alice@continuo.test,text/plain,403",
    "sip:bob@continuo.test,image/png,415",
    "sip:bob@continuo.test,application/sdp,415",
  })
  void aMessageThatCannotBeTakenIsRefused(String uri, String type, int status) {
    assertThat(message(uri, type).status()).isEqualTo(status);
    assertThat(scene.told).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §21.4.13")
  void anotherTypeIsToldWhatIsAccepted() {
    assertThat(message(BOB, "image/png").answer().headers().first("Accept").orElse(""))
        .contains("message/cpim");
  }

  @Test
  void theHostOfThisServerMeansItsDomain() {
    message("sip:bob@127.0.0.1:5070", "text/plain");
    assertThat(scene.told).hasSize(1);
  }

  @Test
  void aStrangerIsChallengedBeforeItLearnsWhoExists() {
    for (String user : new String[] {"bob", "nobody"}) {
      SipHeaders headers = Scene.from("eve").with("Content-Type", "image/png");
      assertThat(
              scene
                  .request("MESSAGE", "sip:" + user + "@continuo.test", headers, "x", ALICE_UDP)
                  .status())
          .isEqualTo(401);
    }
  }

  @Test
  @Spec("RFC 3325 §9.2")
  void anAnonymousFromIsTheDigestUser() {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:anonymous@anonymous.invalid>;tag=1", "Content-Type", "text/plain");
    scene.withDigest("MESSAGE", BOB, headers, ALICE_UDP, "alice", Scene.PASSWORD);
    assertThat(scene.told.getFirst()).startsWith("message sip:alice@continuo.test to ");
  }

  @Test
  void aRequestWithoutFromIs400() {
    assertThat(scene.request("MESSAGE", BOB, SipHeaders.NONE, "x", ALICE_TCP).status())
        .isEqualTo(400);
  }

  // ---- OPTIONS and the rest

  @Test
  @Spec("RFC 3261 §11.2")
  void theServerTellsAnybodyWhatItCanDo() {
    FakeEndpoint.Request request =
        scene.request("OPTIONS", "sip:continuo.test", Scene.from("eve"), "", ALICE_UDP);
    assertThat(request.status()).isEqualTo(200);
    assertThat(request.answer().headers().elements("Allow")).contains("INVITE", "MESSAGE");
    assertThat(request.answer().headers().elements("Supported")).contains("multi-client", "path");
    assertThat(request.answer().headers().elements("Accept")).contains("application/sdp");
    assertThat(scene.seen).isEmpty();
  }

  @Test
  void anAuthenticatedOptionsTeachesTheDevice() {
    scene.request("OPTIONS", BOB, Scene.chatHeaders("bob"), "", ALICE_TCP);
    assertThat(scene.seen)
        .containsExactly("sip:alice@continuo.test sip:alice@192.0.2.1:6000 " + ALICE_TCP);
  }

  @Test
  void askingForAUserNeedsCredentials() {
    assertThat(scene.request("OPTIONS", BOB, Scene.from("eve"), "", ALICE_UDP).status())
        .isEqualTo(401);
    assertThat(
            scene
                .request("OPTIONS", "sip:nobody@continuo.test", Scene.from("eve"), "", ALICE_UDP)
                .status())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({"UPDATE,481", "BYE,481", "REFER,405"})
  void otherMethodsOutsideADialogAreRefused(String method, int status) {
    assertThat(
            scene.request(method, "sip:continuo.test", Scene.from("alice"), "", ALICE_TCP).status())
        .isEqualTo(status);
  }

  @Test
  void whatTheStackRefusedIsCountedToo() {
    scene.gateway.screened(ALICE_UDP, "MESSAGE", 400, "malformed");
    assertThat(scene.refusals).containsExactly("400 malformed");
  }

  @Test
  void beforeTheEndpointIsAttachedEverythingIs503() {
    SipGateway starting =
        new SipGateway(
            Scene.settings("multi-client", false, ""),
            AuthSettings.DEFAULT,
            MsrpTransportSettings.DEFAULT,
            SessionSettings.DEFAULT,
            RegistrarSettings.DEFAULT,
            scene,
            scene,
            scene,
            () -> false,
            (reason, status) -> {},
            () -> Instant.EPOCH,
            new SecureRandom(),
            Scene.KEY);
    FakeEndpoint.Request request =
        new FakeEndpoint.Request(
            new io.continuo.sip.SipRequest("OPTIONS", "sip:x", SipHeaders.NONE, new byte[0]),
            ALICE_UDP);
    starting.requested(request);
    assertThat(request.status()).isEqualTo(503);
    assertThat(request.answer().headers().first("Retry-After")).isEqualTo(Optional.of("1"));
  }

  @Test
  @Spec("RFC 3323 §4.2")
  void whetherTheAuthorOfAMessageAsksForPrivacyIsTold() {
    for (String privacy : List.of("id", "id;critical")) {
      SipHeaders headers =
          Scene.from("alice").with("Privacy", privacy).with("Content-Type", "text/plain");
      scene.request("MESSAGE", "sip:bob@continuo.test", headers, "hi", ALICE_TCP);
      assertThat(scene.told.getLast()).as(privacy).startsWith("anonymous message sip:alice@");
    }
  }
}
