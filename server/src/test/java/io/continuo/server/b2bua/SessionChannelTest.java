package io.continuo.server.b2bua;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.conversation.Channel.Closing;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionChannelTest {
  private static final LegId LEG = new LegId("s3cret");
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  private static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");

  private static final MsrpEnd END =
      new MsrpEnd(List.of("msrp://192.0.2.9:2855/s3cret;tcp"), MsrpMedia.Carriage.PLAIN);

  private final List<String> said = new ArrayList<>();
  private final MediaTerms terms = new MediaTerms(1 << 20, false, 32);

  @Test
  @Spec("RFC 4975 §5.4")
  void theConnectionIsAwaitedBeforeTheOfferLeaves() {
    outbound().invite();

    assertThat(said).containsExactly("expect", "invite actpass");
  }

  @Test
  @Spec("RFC 6135 §4.2")
  void weConnectToADeviceThatWaits() {
    SessionChannel channel = invited();

    channel.accepted(peer(Setup.PASSIVE), Optional.empty());

    assertThat(said).containsExactly("start connect=true from=192.0.2.1");
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void theConnectionIsExpectedFromWhereTheDeviceAnswered() {
    SessionChannel channel = invited();

    channel.accepted(peer(Setup.ACTIVE), Optional.of("192.0.2.3"));

    assertThat(said).containsExactly("start connect=false from=192.0.2.3");
  }

  @Test
  @Spec("RFC 6135 §4.2")
  void weWaitForADeviceThatConnects() {
    SessionChannel channel = invited();

    channel.accepted(peer(Setup.ACTIVE), Optional.empty());

    assertThat(said).containsExactly("start connect=false from=192.0.2.1");
  }

  @Test
  @Spec("seed 003: figure 3")
  void aBodilessSendGoesOutOnALegThatTheDeviceConnected() {
    SessionChannel channel = invited();
    channel.accepted(peer(Setup.ACTIVE), Optional.empty());
    said.clear();

    assertThat(channel.bound()).isTrue();

    assertThat(said).containsExactly("bind");
  }

  /// The device's own connection may have come first; the MSRP side knows who bound the leg.
  @Test
  @Spec("seed 003: figure 3")
  void aBodilessSendGoesOutOnALegThatWeWereToConnectToo() {
    SessionChannel channel = invited();
    channel.accepted(peer(Setup.PASSIVE), Optional.empty());
    said.clear();

    assertThat(channel.bound()).isTrue();

    assertThat(said).containsExactly("bind");
  }

  @Test
  void aConnectionOfALegThatWasNotAcceptedCarriesNothing() {
    assertThat(invited().bound()).isFalse();
    assertThat(said).isEmpty();
  }

  @Test
  @Spec("RFC 6135 §4.2")
  void anInviterThatMayChooseConnects() {
    SessionChannel channel = inbound(Setup.ACTPASS);

    channel.answer(Optional.empty());

    assertThat(said)
        .containsExactly("expect", "start connect=false from=192.0.2.1", "answer passive 2855");
  }

  @Test
  @Spec("RFC 4145 §4.1")
  void toAnInviterThatWaitsWeConnectOnceItHasOurAnswer() {
    SessionChannel channel = inbound(Setup.PASSIVE);

    channel.answer(Optional.empty());
    assertThat(said).containsExactly("expect", "answer active 9");
    channel.acknowledged();

    assertThat(said).endsWith("start connect=true from=192.0.2.1");
  }

  @ParameterizedTest
  @CsvSource({"ACTIVE,false", "PASSIVE,true", "ACTPASS,true", "HOLDCONN,false"})
  @Spec("RFC 3261 §13.2.1")
  void anInviterWithoutAnOfferGetsOursAndItsAnswerSaysWhoConnects(Setup answer, boolean we) {
    SessionChannel channel = inbound(Optional.empty());

    channel.answer(Optional.empty());
    assertThat(said).containsExactly("expect", "answer actpass 2855");
    assertThat(channel.bound()).as("before its answer").isFalse();
    assertThat(channel.profile()).isEmpty();

    channel.answered(peer(answer));
    channel.answered(peer(Setup.ACTPASS)); // once
    assertThat(said).hasSize(3).endsWith("start connect=" + we + " from=192.0.2.1");
    assertThat(channel.profile()).isPresent();
    assertThat(channel.bound()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Spec("RFC 4145 §4.1")
  void nobodyConnectsUntilTheHoldOfTheConnectionEnds(boolean byUs) {
    SessionChannel channel = inbound(Setup.HOLDCONN);
    channel.answer(Optional.empty());
    channel.acknowledged();
    channel.redial();
    assertThat(said)
        .containsExactly("expect", "start connect=false from=192.0.2.1", "answer holdconn 2855");

    said.clear();
    channel.mayConnect(byUs);

    assertThat(said).isEqualTo(byUs ? List.of("start connect=true from=192.0.2.1") : List.of());
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aConnectionThatWasOursIsMadeAgainOnceForEachLoss() {
    SessionChannel channel = inbound(Setup.PASSIVE);
    channel.answer(Optional.empty());
    channel.acknowledged();
    channel.bound();
    said.clear();

    channel.redial();
    channel.redial();
    assertThat(said).containsExactly("start connect=true from=192.0.2.1");

    channel.bound();
    channel.redial();
    assertThat(said).hasSize(3).endsWith("bind", "start connect=true from=192.0.2.1");
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aConnectionThatWasThePeersIsItsOwnToMakeAgain() {
    SessionChannel channel = inbound(Setup.ACTIVE);
    channel.answer(Optional.empty());
    channel.bound();
    said.clear();

    channel.redial();

    assertThat(said).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §9.1")
  void aPendingInvitationIsCancelledAndAnEstablishedLegGetsABye() {
    SessionChannel pending = invited();
    pending.close(Closing.REPLACED);
    assertThat(said).containsExactly("cancel elsewhere=true", "close");
    said.clear();

    SessionChannel established = invited();
    established.accepted(peer(Setup.ACTIVE), Optional.empty());
    said.clear();
    established.close(Closing.SESSION_ENDED);

    assertThat(said).containsExactly("bye USER_LEAVES", "close");
  }

  private SessionChannel invited() {
    SessionChannel channel = outbound();
    channel.invite();
    said.clear();
    return channel;
  }

  private SessionChannel outbound() {
    Invitation invitation =
        new Invitation(
            device(),
            ALICE,
            BOB.uri(),
            Optional.empty(),
            terms.offer(END),
            ConversationHeaders.NONE,
            Duration.ofMinutes(3));
    return SessionChannel.toward(LEG, invitation, sip, msrp, terms);
  }

  private SessionChannel inbound(Setup setup) {
    return inbound(Optional.of(peer(setup)));
  }

  private SessionChannel inbound(Optional<MsrpMedia> offer) {
    InboundInvitation invitation =
        new InboundInvitation(
            LEG,
            device(),
            Optional.of("192.0.2.1"),
            new InboundInvitation.ToWhom.One(ALICE),
            offer,
            true,
            Optional.empty(),
            ConversationHeaders.NONE,
            Duration.ofMinutes(3),
            70,
            false);
    return SessionChannel.from(invitation, sip, msrp, terms);
  }

  private static MsrpMedia peer(Setup setup) {
    return new MsrpMedia(
        List.of("msrp://192.0.2.1:9999/peer;tcp"),
        setup,
        9999,
        List.of("message/cpim"),
        List.of("*"),
        Long.MAX_VALUE,
        true);
  }

  private static Device device() {
    DeviceRoute route =
        new DeviceRoute(
            "sip:bob@192.0.2.1:6000",
            List.of(),
            Optional.of("tcp/192.0.2.1:6000/7"),
            0,
            Map.of(),
            Instant.EPOCH);
    return new Device(
        new DeviceId(BOB, "phone"), DeviceSource.REGISTER, ChannelKind.SESSION, List.of(route));
  }

  private final SipSignalling sip =
      new SipSignalling() {
        @Override
        public void invite(LegId leg, Invitation invitation) {
          said.add("invite " + invitation.offer().setup().name().toLowerCase());
        }

        @Override
        public void ring(LegId leg) {
          said.add("ring");
        }

        @Override
        public void answer(LegId leg, MsrpMedia media, String focus, ConversationHeaders headers) {
          said.add("answer " + media.setup().name().toLowerCase() + " " + media.port());
        }

        @Override
        public void refuse(LegId leg, int status, String reason) {
          said.add("refuse " + status);
        }

        @Override
        public void cancel(LegId leg, boolean answeredElsewhere) {
          said.add("cancel elsewhere=" + answeredElsewhere);
        }

        @Override
        public void bye(LegId leg, ByeReason reason) {
          said.add("bye " + reason);
        }

        @Override
        public void refresh(LegId leg, Duration expires) {
          throw new AssertionError("not here");
        }

        @Override
        public void page(
            LegId leg,
            Device device,
            AddressOfRecord from,
            String to,
            Optional<String> replyTo,
            int maxForwards,
            ConversationEffect.Deliver message) {
          said.add("page");
        }
      };

  private final MsrpSessions msrp =
      new MsrpSessions() {
        @Override
        public MsrpEnd offer(LegId leg, Device device) {
          return END;
        }

        @Override
        public MsrpEnd answer(LegId leg, Device device, MsrpMedia offer) {
          return END;
        }

        @Override
        public void expect(LegId leg, MsrpMedia ours) {
          said.add("expect");
        }

        @Override
        public void start(
            LegId leg,
            AddressOfRecord subscriber,
            MsrpMedia peer,
            boolean connect,
            Optional<String> signalledFrom) {
          said.add("start connect=" + connect + " from=" + signalledFrom.orElse("?"));
        }

        @Override
        public void send(ConversationEffect.Deliver delivery) {
          said.add("send");
        }

        @Override
        public void relay(ConversationEffect.Relay relay) {
          said.add("relay");
        }

        @Override
        public void bind(LegId leg) {
          said.add("bind");
        }

        @Override
        public void close(LegId leg) {
          said.add("close");
        }
      };
}
