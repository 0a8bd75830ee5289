package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static io.continuo.server.conversation.Stage.CAROL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.identity.AddressOfRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is taken from a device, and with which answer it is refused otherwise.
class SubmissionTest {
  private final Stage stage = Stage.oneToOne();
  private final PlayedDevice alice = stage.device(ALICE, "phone").attaches();
  private final PlayedDevice bob = stage.device(BOB, "phone").attaches();

  @Test
  @Spec("RFC 3862 §2.2")
  void bytesThatAreNoCpimAreRefused() {
    assertThat(status(alice.submits("message/cpim", "\r\nno header".getBytes(UTF_8))))
        .isEqualTo(400);
    assertThat(bob.received).isEmpty();
    assertThat(stage.count(Counted.SUBMISSION_REFUSED)).isEqualTo(1);
  }

  @Test
  @Spec("wire: CPIM From of somebody else")
  void aCpimFromThatNamesSomebodyElseIsRefused() {
    assertThat(
            status(alice.submits("message/cpim", PlayedDevice.cpim(BOB.uri(), "m1", "I am Bob"))))
        .isEqualTo(403);
    assertThat(bob.received).isEmpty();
  }

  @Test
  void aCpimFromThatIsNoAddressIsRefused() {
    assertThat(status(alice.submits("message/cpim", PlayedDevice.cpim("mailto:a@b", "m1", "hi"))))
        .isEqualTo(403);
  }

  /// Some readers believe the last of several, so each one counts.
  @Test
  @Spec("wire: CPIM From of somebody else")
  void noFromOfSeveralMayNameSomebodyElse() {
    String own = "From: <sip:alice@ims.example>\n";
    String another = "From: <sip:carol@ims.example>\n";
    for (String head :
        List.of(own + another, another + own, own + "fRoM:sip:carol@ims.example\n")) {
      for (String content : List.of("text/plain\n\nhi", IMDN, TYPING)) {
        assertThat(status(headed(head, content))).as(head + content).isEqualTo(403);
      }
    }
    assertThat(bob.received).isEmpty();
    assertThat(bob.relayed).isEmpty();
  }

  /// A prefix bound to the core headers' namespace makes a From of it.
  @Test
  @Spec("RFC 3862 §3.4")
  void noFromUnderAPrefixMayNameSomebodyElse() {
    String own = "From: <sip:alice@ims.example>\n";
    String core = "NS: c <urn:ietf:params:cpim-headers:>\n";
    String another = core + "c.From: <sip:carol@ims.example>\n";
    for (String head :
        List.of(
            another,
            own + another,
            "NS: <urn:x>\nFrom: <sip:carol@ims.example>\n",
            "NS: <urn:ietf:params:imdn>\n" + own + another)) {
      for (String content : List.of("text/plain\n\nhi", IMDN, TYPING)) {
        assertThat(status(headed(head, content))).as(head + content).isEqualTo(403);
      }
    }
    assertThat(status(headed(own + core + "c." + own, "text/plain\n\nhi"))).isEqualTo(400);
    assertThat(bob.received).isEmpty();
    assertThat(bob.relayed).isEmpty();
    assertThat(headed(core + "c." + own, "text/plain\n\nhi").result())
        .isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  @Spec("RFC 3862 §4.1")
  void aSecondFromIsRefusedWhateverItNames() {
    String own = "From: <sip:alice@ims.example>\n";
    assertThat(status(headed(own + own, "text/plain\n\nhi"))).isEqualTo(400);
    assertThat(status(headed(own + "From: <sip:anonymous@anonymous.invalid>\n", TYPING)))
        .isEqualTo(400);
  }

  @Test
  @Spec("RFC 3862 §4.1")
  void aFromWithoutAReadableAddressIsRefused() {
    for (String from :
        List.of(
            "carol",
            "<sip:carol@ims.example",
            "<sip:carol@ims.example> <sip:alice@ims.example>",
            "<sip:alice@ims.example> <sip:carol@ims.example>")) {
      assertThat(status(headed("From: " + from + "\n", "text/plain\n\nhi")))
          .as(from)
          .isEqualTo(400);
    }
  }

  @Test
  @Spec("RFC 5438 §6.3")
  void twoDifferentMessageIdsAreRefused() {
    String ids =
        """
        From: <sip:alice@ims.example>
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: m1
        """;
    for (String more :
        List.of(
            "imdn.Message-ID: m2\n",
            "IMDN.message-id: m2\n",
            "NS: x <urn:ietf:params:imdn>\nx.Message-ID: m2\n")) {
      assertThat(status(headed(ids + more, "text/plain\n\nhi"))).as(more).isEqualTo(400);
    }
    assertThat(headed(ids + "imdn.Message-ID: m1\n", "text/plain\n\nhi").result())
        .isEqualTo(new SubmitResult.Accepted());
  }

  /// Else a receipt could be dressed up as text, and go by the checks of receipts.
  @Test
  @Spec("RFC 3862 §2.4")
  void twoDifferentContentTypesAreRefused() {
    String own = "From: <sip:alice@ims.example>\n";
    assertThat(status(headed(own, "text/plain\nContent-type: message/imdn+xml\n\n<imdn/>")))
        .isEqualTo(400);
    assertThat(headed(own, "text/plain\nContent-type: text/plain\n\nhi").result())
        .isEqualTo(new SubmitResult.Accepted());
  }

  /// Some readers end a line there.
  @Test
  @Spec("RFC 3862 §2.1")
  void aCarriageReturnInsideALineIsRefused() {
    String hidden = "From: <sip:alice@ims.example>\nSubject: a\rFrom: <sip:carol@ims.example>\n";
    assertThat(status(headed(hidden, "text/plain\n\nhi"))).isEqualTo(400);
  }

  private static final String IMDN =
      "message/imdn+xml\n\n<imdn xmlns='urn:ietf:params:xml:ns:imdn'><message-id>m1</message-id>"
          + "<delivery-notification><status><delivered/></status></delivery-notification></imdn>";

  private static final String TYPING =
      "application/im-iscomposing+xml\n\n"
          + "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>active</state>"
          + "</isComposing>";

  /// Devices read it with parsers of their own.
  @Test
  @Spec("RFC 3994 §6")
  void whatIsNoIsComposingDocumentIsRefusedAndNotRelayed() {
    String type = "application/im-iscomposing+xml";
    String laughs =
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>"
            + TYPING.substring(TYPING.indexOf("<isC")).replace("active", "&b;");
    for (String document :
        List.of(
            "",
            "typing",
            "<isComposing",
            "<isComposing/>",
            "<isComposing><state/></isComposing>",
            "<other><state>active</state></other>",
            laughs,
            "<!DOCTYPE isComposing SYSTEM 'file:///etc/passwd'><isComposing><state>idle</state></isComposing>")) {
      assertThat(status(alice.submits(type, document.getBytes(UTF_8)))).as(document).isEqualTo(400);
      String own = "From: <sip:alice@ims.example>\n";
      assertThat(status(headed(own, type + "\n\n" + document))).as(document).isEqualTo(400);
    }
    assertThat(bob.relayed).isEmpty();
  }

  private PlayedDevice.Sent headed(String head, String typeAndContent) {
    String cpim = head + "To: <sip:bob@ims.example>\n\nContent-type: " + typeAndContent;
    return alice.submits("message/cpim", cpim.getBytes(UTF_8));
  }

  @Test
  void aCpimFromMayNameAnyAddressOfTheSubscriber() {
    AddressOfRecord tel = AddressOfRecord.of("tel:+491701234567");
    List<SubmitResult> results = new ArrayList<>();
    stage.tell(
        new ConversationEvent.Submit(
            alice.id,
            Set.of(ALICE, tel),
            "t1",
            "message/cpim",
            PlayedDevice.cpim("tel:+49-170-1234567", "m1", "hi"),
            results::add));
    assertThat(results).containsExactly(new SubmitResult.Accepted());
  }

  @Test
  void portAndGruuInACpimFromDoNotMatter() {
    byte[] body = PlayedDevice.cpim("sip:alice@IMS.example:5060;gr=urn:uuid:1", "m1", "hi");
    assertThat(alice.submits("message/cpim", body).result()).isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  @Spec("RFC 3860 §3")
  void anImUriNamesTheSameUserAsItsSipUri() {
    byte[] body = PlayedDevice.cpim("im:alice@ims.example", "m1", "hi");
    assertThat(alice.submits("message/cpim", body).result()).isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  @Spec("wire: interop contract")
  void aPercentEncodedFromNamesTheSameUser() {
    assertThat(from("sip:%61lice@ims.example").result()).isEqualTo(new SubmitResult.Accepted());
    for (String other : List.of("sip:%62ob@ims.example", "sip:%6@ims.example", "sip:%@x")) {
      assertThat(status(from(other))).as(other).isEqualTo(403);
    }
  }

  private PlayedDevice.Sent from(String uri) {
    return alice.submits("message/cpim", PlayedDevice.cpim(uri, uri, "hi"));
  }

  @Test
  @Spec("wire: interop contract")
  void oddlyWrittenCpimIsTakenAndReachesTheOthersByteForByte() {
    byte[] odd =
        ("""
        From: "Alice <3" <sip:%61lice@ims.example>
        To: sip:anonymous@anonymous.invalid
        DateTime: 2026-01-01T00:00:00.123456+01:00
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: u1

        MIME-Version: 1.0
        Content-Type: text/plain; charset="utf8"
        Content-Transfer-Encoding:

        Grüße
        """)
            .getBytes(UTF_8);
    alice.submits("message/cpim; charset=\"utf8\"", odd);
    assertThat(bob.received).hasSize(1);
    assertThat(bob.received.getFirst().messageId()).isEqualTo("u1");
    assertThat(bob.received.getFirst().body().whole()).isEqualTo(odd);
    assertThat(bob.received.getFirst().contentType()).isEqualTo("message/cpim; charset=\"utf8\"");
  }

  @Test
  @Spec("wire: anonymous CPIM addresses")
  void anAnonymousFromIsTaken() {
    assertThat(alice.sends("m1", "hi").result()).isEqualTo(new SubmitResult.Accepted());
  }

  @Test
  @Spec("RFC 4975 §10.6")
  void aTypeThatIsNotWrappedAndNotTextIsRefused() {
    assertThat(status(alice.submits("image/png", new byte[] {1}))).isEqualTo(415);
  }

  @Test
  void cpimMayWrapAnything() {
    byte[] body =
        Stage.cpim(ALICE.uri(), BOB.uri(), "m1", "application/x-sealed", new byte[] {0, -1});
    assertThat(alice.submits("message/cpim", body).result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(bob.received.getFirst().body().whole()).isSameAs(body);
  }

  @Test
  void aControlCharacterInTheTypeIsRefused() {
    assertThat(status(alice.submits("text/plain\r\nX: y", new byte[] {1}))).isEqualTo(400);
  }

  @Test
  void anEndlessMessageIdIsRefused() {
    assertThat(status(alice.sends("x".repeat(257), "hi"))).isEqualTo(400);
  }

  @Test
  void aStrangerIsRefused() {
    assertThat(status(stage.device(CAROL, "phone").sends("m1", "hi"))).isEqualTo(403);
  }

  @Test
  void whoLeftIsRefused() {
    stage.tell(new ConversationEvent.Leave(ALICE));
    assertThat(status(alice.sends("m1", "hi"))).isEqualTo(403);
  }

  @Test
  void beforeTheConversationIsOpenASenderIsAskedToTryAgain() {
    Stage closed = new Stage();
    assertThat(closed.device(ALICE, "phone").sends("m1", "hi").result())
        .isInstanceOf(SubmitResult.Unavailable.class);
  }

  // Once and only once

  @Test
  @Spec("wire: ingest is idempotent")
  void theSameMessageSentAgainIsAnsweredAndNotLoggedAgain() {
    alice.sends("m1", "hi");
    assertThat(alice.sends("m1", "hi").results).containsExactly(new SubmitResult.Duplicate());
    assertThat(bob.texts()).containsExactly("hi");
    assertThat(stage.count(Counted.DUPLICATE_SUPPRESSED)).isEqualTo(1);
    assertThat(stage.count(Counted.MESSAGE_ACCEPTED)).isEqualTo(1);
  }

  @Test
  void aSiblingThatSendsTheSameMessageIsADuplicate() {
    alice.sends("m1", "hi");
    assertThat(stage.device(ALICE, "tablet").sends("m1", "hi").result())
        .isEqualTo(new SubmitResult.Duplicate());
  }

  @Test
  void theSameIdFromAnotherSubscriberIsAnotherMessage() {
    alice.sends("m1", "hi");
    assertThat(bob.sends("m1", "ho").result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(alice.texts()).containsExactly("ho");
  }

  @Test
  void aDuplicateOfAPendingMessageIsAnsweredWithIt() {
    stage.storeHolds();
    PlayedDevice.Sent first = alice.sends("m1", "hi");
    PlayedDevice.Sent second = alice.sends("m1", "hi");
    assertThat(second.results).isEmpty();
    assertThat(stage.writing()).isEqualTo(1);

    stage.storeCommits();
    assertThat(first.results).containsExactly(new SubmitResult.Accepted());
    assertThat(second.results).containsExactly(new SubmitResult.Duplicate());
  }

  @Test
  void aDuplicateIsKnownAfterARestart() {
    alice.sends("m1", "hi");
    stage.restarts();
    assertThat(alice.sends("m1", "hi").result()).isEqualTo(new SubmitResult.Duplicate());
  }

  @Test
  void afterTheDedupWindowTheSameIdIsANewMessage() {
    alice.sends("m1", "hi");
    stage.pass(java.time.Duration.ofDays(31));
    assertThat(alice.sends("m1", "hi again").result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(bob.texts()).containsExactly("hi", "hi again");
  }

  @Test
  void aMessageWithoutIdIsRecognisedByTransportIdAndBody() {
    alice.submits("t1", "text/plain", "hi".getBytes(UTF_8));
    assertThat(alice.submits("t1", "text/plain", "hi".getBytes(UTF_8)).result())
        .isEqualTo(new SubmitResult.Duplicate());
    assertThat(alice.submits("t1", "text/plain", "ho".getBytes(UTF_8)).result())
        .isEqualTo(new SubmitResult.Accepted());
    assertThat(bob.received).hasSize(2);
  }

  /// A large message with this before its content, which follows for 100,000 bytes.
  private PlayedDevice.Sent large(String type, String before) {
    byte[] bytes = Arrays.copyOf(before.getBytes(UTF_8), 100_000);
    return alice.submits("t-large", type, StagedBytes.body(bytes));
  }

  private static String padded(String name, int length) {
    return name + ": " + "x".repeat(length) + "\n";
  }

  private static final String HEADED = "From: <sip:alice@ims.example>\nTo: <sip:bob@ims.example>\n";

  @Test
  @Spec("RFC 3862 §2.1")
  void theHeadersOfALargeMessageMustEndInItsHead() {
    assertThat(status(large("message/cpim", HEADED + padded("X-Long", Body.HEAD) + "\n")))
        .isEqualTo(400);
    String cutOff = HEADED + "\n" + padded("X-Long", Body.HEAD) + "Content-Type: image/png\n\n";
    assertThat(status(large("message/cpim", cutOff))).isEqualTo(400);
    assertThat(bob.received).isEmpty();

    int room = Body.HEAD - HEADED.length() - "\nX-Long: \nContent-Type: image/png\n\n".length();
    String fits = HEADED + "\n" + padded("X-Long", room) + "Content-Type: image/png\n\n";
    assertThat(fits).hasSize(Body.HEAD);
    assertThat(large("message/cpim", fits).result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(bob.received).hasSize(1);
  }

  /// The server reads these, so they must be in memory.
  @Test
  void aNotificationThatIsTooLargeForMemoryIsRefused() {
    String cpim = HEADED + "\nContent-Type: ";
    for (String content : List.of(IMDN, TYPING)) {
      assertThat(status(large("message/cpim", cpim + content))).isEqualTo(413);
      String type = content.substring(0, content.indexOf('\n'));
      assertThat(status(large(type, content.substring(type.length() + 2)))).isEqualTo(413);
    }
    assertThat(bob.received).isEmpty();
    assertThat(bob.relayed).isEmpty();
  }

  @Test
  void aLargeMessageWithoutIdIsRecognisedByTransportIdAndBody() {
    assertThat(large("text/plain", "a").result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(large("text/plain", "a").result()).isEqualTo(new SubmitResult.Duplicate());
    assertThat(large("text/plain", "b").result()).isEqualTo(new SubmitResult.Accepted());
    assertThat(bob.received).hasSize(2);
  }

  private static int status(PlayedDevice.Sent sent) {
    assertThat(sent.result()).isInstanceOf(SubmitResult.Refused.class);
    return ((SubmitResult.Refused) sent.result()).status();
  }
}
