package io.continuo.server.registrar;

import static io.continuo.server.registrar.RegisterRequest.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Registration.BoundContact;
import io.continuo.server.registrar.Registration.Outcome;
import io.continuo.server.registrar.Registration.Outcome.Bound;
import io.continuo.server.registrar.Registration.Outcome.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RegistrarTest {
  private static final AddressOfRecord ALICE = subscriber("alice");
  private static final String PHONE = "urn:uuid:00000000-0000-0000-0000-00000000000a";
  private static final String TABLET = "urn:uuid:00000000-0000-0000-0000-00000000000b";
  private static final String AT_PHONE = "sip:alice@192.0.2.1:5060";
  private static final String AT_TABLET = "sip:alice@192.0.2.2:5060";

  private final RegistrarSettings settings =
      new RegistrarSettings(
          Duration.ofHours(1),
          Duration.ofSeconds(60),
          Duration.ofHours(2),
          3,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          "");
  private final Registrar registrar = new Registrar(settings);
  private final List<DeviceId> reachable = new ArrayList<>();
  private final List<DeviceId> unreachable = new ArrayList<>();
  private final List<BindingChange> stored = new ArrayList<>();
  private Map<String, Instant> flows = Map.of();
  private List<KnownDevice> devices = List.of();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  @Spec("RFC 3261 §10.3")
  void aContactIsBoundAndListedWithItsParameters() {
    Bound bound = bound(RegisterRequest.of("alice").contact(AT_PHONE, "q", "0.5"));

    assertThat(bound.contacts())
        .containsExactly(new BoundContact(AT_PHONE, Map.of("q", "0.5"), 3600, "call-1"));
    assertThat(only().route().contact()).isEqualTo(AT_PHONE);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void aRegisterWithoutContactListsAndChangesNothing() {
    bound(RegisterRequest.of("alice").contact(AT_PHONE));
    stored.clear();
    pass(Duration.ofSeconds(10));

    Bound bound = bound(RegisterRequest.of("alice").call("query", 1));

    assertThat(bound.contacts())
        .containsExactly(new BoundContact(AT_PHONE, Map.of(), 3590, "call-1"));
    assertThat(stored).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void theExpiresOfAContactComesBeforeTheHeaderAndTheDefault() {
    Bound bound =
        bound(
            RegisterRequest.of("alice")
                .expires(1000)
                .contact(AT_PHONE, "expires", "500")
                .contact(AT_TABLET));

    assertThat(bound.contacts()).extracting(BoundContact::expires).containsExactly(500L, 1000L);
  }

  @Test
  @Spec("RFC 3261 §10.2.1.1")
  void aMalformedExpiresCountsAsAbsent() {
    Bound bound = bound(RegisterRequest.of("alice").contact(AT_PHONE, "expires", "soon"));

    assertThat(bound.contacts()).extracting(BoundContact::expires).containsExactly(3600L);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void aTooBriefIntervalIsRefusedWithTheLeastOneTaken() {
    Refused refused = refused(RegisterRequest.of("alice").contact(AT_PHONE, "expires", "59"));

    assertThat(refused.status()).isEqualTo(423);
    assertThat(refused.minExpires()).isEqualTo(OptionalInt.of(60));
    assertThat(devices).isEmpty();
  }

  @Test
  void aLongIntervalIsShortened() {
    Bound bound = bound(RegisterRequest.of("alice").contact(AT_PHONE, "expires", "600000"));

    assertThat(bound.contacts()).extracting(BoundContact::expires).containsExactly(7200L);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void anOldCSeqOfTheSameCallIsRefusedAndChangesNothing() {
    bound(RegisterRequest.of("alice").call("c", 5).contact(AT_PHONE));

    Refused refused =
        refused(
            RegisterRequest.of("alice")
                .call("c", 5)
                .contact(AT_TABLET)
                .contact(AT_PHONE, "expires", "0"));

    assertThat(refused.status()).isEqualTo(500);
    assertThat(only().route().contact()).isEqualTo(AT_PHONE);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void anotherCallMayUseALowerCSeq() {
    bound(RegisterRequest.of("alice").call("c", 5).contact(AT_PHONE));

    bound(RegisterRequest.of("alice").call("d", 1).contact(AT_PHONE, "expires", "0"));

    assertThat(devices).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §10.2.2")
  void aStarWithExpiresZeroRemovesEverything() {
    bound(RegisterRequest.of("alice").contact(AT_PHONE).contact(AT_TABLET));

    Bound bound = bound(RegisterRequest.of("alice").call("c2", 1).star().expires(0));

    assertThat(bound.contacts()).isEmpty();
    assertThat(devices).isEmpty();
    assertThat(unreachable).hasSize(2);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void aStarThatDoesNotRemoveIsABadRequest() {
    bound(RegisterRequest.of("alice").contact(AT_PHONE));

    assertThat(refused(RegisterRequest.of("alice").call("x", 1).star()).status()).isEqualTo(400);
    assertThat(refused(RegisterRequest.of("alice").call("x", 2).star().expires(60)).status())
        .isEqualTo(400);
    assertThat(
            refused(RegisterRequest.of("alice").call("x", 3).star().expires(0).contact(AT_TABLET))
                .status())
        .isEqualTo(400);
    assertThat(devices).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void aStarWithAnOldCSeqRemovesNothing() {
    bound(RegisterRequest.of("alice").call("c", 5).contact(AT_PHONE));

    assertThat(refused(RegisterRequest.of("alice").call("c", 4).star().expires(0)).status())
        .isEqualTo(500);
    assertThat(devices).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §19.1.4")
  void equalUrisInOtherWordsAreOneBinding() {
    bound(
        RegisterRequest.of("alice").call("c", 1).contact("sip:alice@Host.test:5060;transport=TCP"));

    bound(
        RegisterRequest.of("alice").call("c", 2).contact("SIP:alice@host.test:5060;transport=tcp"));
    bound(RegisterRequest.of("alice").call("c", 3).contact("sip:alice@host.test:5060"));

    assertThat(devices).hasSize(2);
  }

  @Test
  @Spec("RFC 5626 §4.1")
  void aDeviceIsItsInstanceWhateverItsContact() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE));
    pass(Duration.ofSeconds(1));
    bound(
        RegisterRequest.of("alice")
            .call("c2", 1)
            .device(PHONE.toUpperCase(), "sip:alice@192.0.2.9"));

    assertThat(only().id()).isEqualTo(new DeviceId(ALICE, PHONE));
    assertThat(only().routes())
        .extracting(DeviceRoute::contact)
        .containsExactly("sip:alice@192.0.2.9", AT_PHONE);
  }

  @Test
  void equalPrivateContactsOfTwoInstancesAreTwoDevices() {
    bound(
        RegisterRequest.of("alice").device(PHONE, "sip:alice@10.0.0.2").over("tcp/192.0.2.1:1/1"));
    bound(
        RegisterRequest.of("alice")
            .call("c2", 1)
            .device(TABLET, "sip:alice@10.0.0.2")
            .over("tcp/192.0.2.2:1/2"));

    assertThat(devices).hasSize(2);
  }

  @Test
  @Spec("RFC 5626 §6")
  @Spec("RFC 5626 §4.2")
  void severalFlowsOfAnInstanceAreOneDevice() {
    bound(flow(1, 1, "tcp/192.0.2.1:40001/1"));
    pass(Duration.ofSeconds(1));
    bound(flow(2, 2, "tcp/192.0.2.1:40002/2"));

    assertThat(only().routes())
        .extracting(route -> route.flow().orElseThrow())
        .containsExactly("tcp/192.0.2.1:40002/2", "tcp/192.0.2.1:40001/1");
    assertThat(reachable).hasSize(2);
  }

  @Test
  @Spec("RFC 5626 §6")
  void theSameRegIdOfAnInstanceReplacesItsFlow() {
    bound(flow(1, 1, "tcp/192.0.2.1:40001/1"));

    bound(
        RegisterRequest.of("alice")
            .call("after-reboot", 1)
            .device(PHONE, "sip:alice@192.0.2.77", "reg-id", "1")
            .over("tcp/192.0.2.77:40009/9"));

    assertThat(only().routes()).hasSize(1);
    assertThat(only().route().flow()).contains("tcp/192.0.2.77:40009/9");
    assertThat(only().route().regId()).isEqualTo(1);
  }

  @Test
  @Spec("RFC 5626 §6")
  void twoContactsInARegisterThatNamesAFlowAreABadRequest() {
    Refused refused =
        refused(
            RegisterRequest.of("alice")
                .device(PHONE, AT_PHONE, "reg-id", "1")
                .device(PHONE, AT_TABLET, "reg-id", "2"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(devices).isEmpty();
  }

  @Test
  @Spec("wire: too many devices")
  void oneDeviceTooManyIsRefusedAndNothingOfItsRegisterIsBound() {
    bound(RegisterRequest.of("alice").contact("sip:1@x").contact("sip:2@x"));
    stored.clear();

    Refused refused =
        refused(RegisterRequest.of("alice").call("c2", 1).contact("sip:3@x").contact("sip:4@x"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.warning()).contains("too many devices");
    assertThat(devices).hasSize(2);
    assertThat(stored).isEmpty();
  }

  @Test
  void aKnownDeviceRefreshesAtTheLimit() {
    bound(
        RegisterRequest.of("alice")
            .call("c", 1)
            .contact("sip:1@x")
            .contact("sip:2@x")
            .contact("sip:3@x"));

    bound(RegisterRequest.of("alice").call("c", 2).contact("sip:2@x"));

    assertThat(devices).hasSize(3);
  }

  @Test
  void aRegisteringDeviceTakesThePlaceOfALearnedOne() {
    bound(RegisterRequest.of("alice").contact("sip:1@x").contact("sip:2@x"));
    see("sip:learned@x");

    bound(RegisterRequest.of("alice").call("c2", 1).contact("sip:3@x"));

    assertThat(devices)
        .hasSize(3)
        .extracting(one -> one.device().source())
        .containsOnly(DeviceSource.REGISTER);
  }

  @Test
  @Spec("RFC 3327 §5")
  void thePathIsKept() {
    bound(RegisterRequest.of("alice").contact(AT_PHONE).path("<sip:p1;lr>", "<sip:p2;lr>"));

    assertThat(only().route().path()).containsExactly("<sip:p1;lr>", "<sip:p2;lr>");
  }

  @Test
  @Spec("RFC 3840 §9")
  void featureTagsAreKeptWithoutWhatIsNone() {
    bound(
        RegisterRequest.of("alice")
            .device(PHONE, AT_PHONE, "+g.oma.sip-im", "", "q", "1", "expires", "600", "video", ""));

    assertThat(only().route().features()).isEqualTo(Map.of("+g.oma.sip-im", "", "video", ""));
  }

  @Test
  @Spec("RFC 3840 §9")
  void aDeviceWithoutInviteIsAPager() {
    assertThat(channel("methods", "MESSAGE,OPTIONS")).isEqualTo(ChannelKind.PAGER);
    assertThat(channel("methods", "INVITE,MESSAGE")).isEqualTo(ChannelKind.SESSION);
    assertThat(channel("methods", "OPTIONS")).isEqualTo(ChannelKind.SESSION);
    assertThat(channel("video", "")).isEqualTo(ChannelKind.SESSION);
  }

  @Test
  @Spec("OMA CPM 2.2 §6.1.2")
  void aDeviceWithStandaloneMessagingOnlyIsAPager() {
    String standalone = "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg";
    String chat = "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session";

    assertThat(channel("+g.3gpp.icsi-ref", standalone)).isEqualTo(ChannelKind.PAGER);
    assertThat(channel("+g.3gpp.icsi-ref", standalone + "," + chat)).isEqualTo(ChannelKind.SESSION);
    assertThat(channel("+g.3gpp.icsi-ref", standalone, "+g.oma.sip-im", ""))
        .isEqualTo(ChannelKind.SESSION);
  }

  @Test
  @Spec("RFC 3261 §10.2.4")
  void aPlainRefreshIsNotToldAndARestartIs() {
    bound(RegisterRequest.of("alice").call("boot-1", 1).device(PHONE, AT_PHONE).over("udp/x:1/0"));
    bound(RegisterRequest.of("alice").call("boot-1", 2).device(PHONE, AT_PHONE).over("udp/x:1/0"));
    assertThat(reachable).hasSize(1);

    bound(RegisterRequest.of("alice").call("boot-2", 1).device(PHONE, AT_PHONE).over("udp/x:1/0"));
    assertThat(reachable).hasSize(2);

    bound(RegisterRequest.of("alice").call("boot-2", 2).device(PHONE, AT_PHONE).over("udp/x:2/0"));
    assertThat(reachable).hasSize(3);
  }

  @Test
  void aDeviceExpiresAndIsTold() {
    bound(RegisterRequest.of("alice").contact(AT_PHONE, "expires", "60"));
    pass(Duration.ofSeconds(59));
    assertThat(devices).hasSize(1);

    pass(Duration.ofSeconds(1));

    assertThat(devices).isEmpty();
    assertThat(unreachable).containsExactly(new DeviceId(ALICE, AT_PHONE));
    assertThat(stored.getLast()).isInstanceOf(BindingChange.Remove.class);
  }

  @Test
  @Spec("RFC 3261 §10.2.4")
  void aRefreshedDeviceOutlivesItsFirstEnd() {
    bound(RegisterRequest.of("alice").call("c", 1).contact(AT_PHONE, "expires", "60"));
    pass(Duration.ofSeconds(50));
    bound(RegisterRequest.of("alice").call("c", 2).contact(AT_PHONE, "expires", "60"));

    pass(Duration.ofSeconds(50));
    assertThat(devices).hasSize(1);
    pass(Duration.ofSeconds(10));
    assertThat(devices).isEmpty();
  }

  @Test
  void aStepThatIsNotStoredIsAsIfItHadNotCome() {
    bound(RegisterRequest.of("alice").call("c", 1).device(PHONE, AT_PHONE));
    RegisterStep lost =
        registrar.register(
            RegisterRequest.of("alice").call("c", 2).device(TABLET, AT_TABLET).build(), now);
    assertThat(lost.outcome()).isInstanceOf(Bound.class);

    registrar.undo(ALICE);

    Bound bound = bound(RegisterRequest.of("alice").call("c", 2));
    assertThat(bound.contacts()).extracting(BoundContact::uri).containsExactly(AT_PHONE);
    assertThat(reachable).hasSize(1);
  }

  @Test
  void nothingIsSeenOfAStepBeforeItIsStored() {
    registrar.register(RegisterRequest.of("alice").device(PHONE, AT_PHONE).build(), now);

    publish(registrar.attempted(new DeviceId(ALICE, PHONE), 200, now));

    assertThat(devices).isEmpty();
    assertThat(reachable).isEmpty();
  }

  @Test
  void aClosedFlowLeavesTheBindingWithItsContact() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE).over("tcp/192.0.2.1:9/4"));
    assertThat(flows).containsOnlyKeys("tcp/192.0.2.1:9/4");

    registrar.flowClosed("tcp/192.0.2.1:9/4").forEach(this::publish);

    assertThat(only().route().flow()).isEmpty();
    assertThat(only().route().contact()).isEqualTo(AT_PHONE);
    assertThat(flows).isEmpty();
    assertThat(unreachable).isEmpty();
  }

  @Test
  void aFlowThatClosedBeforeItsRegisterWasStoredIsNotUsed() {
    RegisterStep step =
        registrar.register(
            RegisterRequest.of("alice").device(PHONE, AT_PHONE).over("tcp/192.0.2.1:9/4").build(),
            now);
    registrar.flowClosed("tcp/192.0.2.1:9/4").forEach(this::publish);
    publish(registrar.commit(step));

    assertThat(only().route().flow()).isEmpty();

    bound(
        RegisterRequest.of("alice")
            .call("late", 1)
            .device(PHONE, AT_PHONE)
            .over("tcp/192.0.2.1:9/4"));
    assertThat(only().route().flow()).isEmpty();
  }

  @Test
  void aLearnedDeviceLastsItsLifetimeAndIsProlongedByEachRequest() {
    see("sip:alice@192.0.2.5");
    assertThat(only().source()).isEqualTo(DeviceSource.LEARNED);
    pass(Duration.ofMinutes(9));
    see("sip:alice@192.0.2.5");
    pass(Duration.ofMinutes(9));
    assertThat(devices).hasSize(1);
    assertThat(reachable).hasSize(1);

    pass(Duration.ofMinutes(1));

    assertThat(devices).isEmpty();
    assertThat(unreachable).hasSize(1);
  }

  @Test
  void aLearnedDeviceThatIsNotFoundIsForgotten() {
    see("sip:alice@192.0.2.5");

    publish(registrar.attempted(new DeviceId(ALICE, "sip:alice@192.0.2.5"), 404, now));

    assertThat(devices).isEmpty();
  }

  @Test
  void aRegisteredDeviceThatIsNotFoundStays() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE));

    publish(registrar.attempted(new DeviceId(ALICE, PHONE), 404, now));

    assertThat(only().id().instance()).isEqualTo(PHONE);
  }

  @Test
  void aDeviceThatDoesNotAnswerBacksOffUntilItShowsUp() {
    bound(RegisterRequest.of("alice").call("c", 1).device(PHONE, AT_PHONE));
    DeviceId phone = new DeviceId(ALICE, PHONE);

    publish(registrar.attempted(phone, 408, now));
    assertThat(devices.getFirst().backsOffAt(now.plusSeconds(29))).isTrue();
    assertThat(devices.getFirst().backsOffAt(now.plusSeconds(30))).isFalse();

    bound(RegisterRequest.of("alice").call("c", 2).device(PHONE, AT_PHONE));
    assertThat(devices.getFirst().backsOffAt(now)).isFalse();

    publish(registrar.attempted(phone, 503, now));
    assertThat(devices.getFirst().backsOffAt(now)).isTrue();
    seen(RegisterRequest.contactOf(AT_PHONE, "+sip.instance", "<" + PHONE + ">"));
    assertThat(devices.getFirst().backsOffAt(now)).isFalse();
  }

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void aDeviceToldByTheCscfAndByItselfIsOne() {
    bound(
        RegisterRequest.of("alice")
            .from(DeviceSource.THIRD_PARTY_REGISTER)
            .call("scscf", 1)
            .device(PHONE, AT_PHONE));
    pass(Duration.ofSeconds(1));
    bound(RegisterRequest.of("alice").device(PHONE, "sip:alice@192.0.2.1:9").over("tcp/x:1/1"));

    assertThat(only().source()).isEqualTo(DeviceSource.THIRD_PARTY_REGISTER);
    assertThat(only().route().flow()).contains("tcp/x:1/1");
    assertThat(only().routes()).hasSize(2);
  }

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void theCscfRemovesOnlyWhatItTold() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE));
    bound(
        RegisterRequest.of("alice")
            .from(DeviceSource.THIRD_PARTY_REGISTER)
            .call("scscf", 1)
            .device(TABLET, AT_TABLET));

    bound(
        RegisterRequest.of("alice")
            .from(DeviceSource.THIRD_PARTY_REGISTER)
            .call("scscf", 2)
            .star()
            .expires(0));

    assertThat(only().id().instance()).isEqualTo(PHONE);
  }

  @Test
  void provisionedAndPresentDevicesComeAndGoWithTheirSource() {
    Device landline = told(DeviceSource.PROVISIONED, "tel:+15550100001", ChannelKind.PAGER);
    Device desktop = told(DeviceSource.PRESENCE, "sip:alice@192.0.2.8", ChannelKind.SESSION);
    publish(registrar.provision(landline, now).orElseThrow());
    publish(registrar.provision(desktop, now).orElseThrow());
    assertThat(devices)
        .extracting(KnownDevice::device)
        .containsExactlyInAnyOrder(landline, desktop);

    pass(Duration.ofDays(400));
    assertThat(devices).hasSize(2);
    publish(registrar.withdraw(DeviceSource.PRESENCE, desktop.id()));

    assertThat(only()).isEqualTo(landline);
    assertThat(unreachable).containsExactly(desktop.id());
  }

  @Test
  void aProvisionedDeviceThatRegistersIsOneAndStaysWhenItsBindingEnds() {
    Device known = told(DeviceSource.PROVISIONED, AT_PHONE, ChannelKind.PAGER);
    publish(registrar.provision(known, now).orElseThrow());
    pass(Duration.ofSeconds(1));
    bound(RegisterRequest.of("alice").contact(AT_PHONE, "expires", "60"));
    assertThat(only().source()).isEqualTo(DeviceSource.PROVISIONED);
    assertThat(only().routes()).hasSize(1);

    pass(Duration.ofMinutes(2));

    assertThat(only()).isEqualTo(known);
    assertThat(unreachable).isEmpty();
  }

  @Test
  void oneProvisionedDeviceTooManyIsRefused() {
    bound(RegisterRequest.of("alice").contact("sip:1@x").contact("sip:2@x").contact("sip:3@x"));

    assertThat(
            registrar.provision(
                told(DeviceSource.PROVISIONED, "tel:+1555", ChannelKind.PAGER), now))
        .isEmpty();
  }

  @Test
  void aDeviceThatComesWithANewContactEachTimeKeepsItsLatest() {
    for (int i = 1; i <= 20; i++) {
      pass(Duration.ofSeconds(1));
      bound(
          RegisterRequest.of("alice")
              .call("boot" + i, 1)
              .device(PHONE, "sip:alice@192.0.2.1:" + i));
    }

    assertThat(only().routes()).hasSize(RegisterRules.MAX_ROUTES);
    assertThat(only().route().contact()).isEqualTo("sip:alice@192.0.2.1:20");
  }

  @Test
  void restoredDevicesHaveNoFlowAndExpiredOnesAreGone() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE).over("tcp/x:1/1"));
    bound(RegisterRequest.of("alice").call("t", 1).device(TABLET, AT_TABLET, "expires", "60"));
    List<Binding> rows =
        stored.stream()
            .map(change -> ((BindingChange.Put) change).binding())
            .map(RegistrarTest::asStored)
            .toList();
    Registrar next = new Registrar(settings);

    Publication restored = next.restore(rows, now.plusSeconds(61)).getFirst();

    assertThat(restored.devices()).hasSize(1);
    assertThat(restored.devices().getFirst().device().id().instance()).isEqualTo(PHONE);
    assertThat(restored.devices().getFirst().device().route().flow()).isEmpty();
    assertThat(restored.reachable()).isEmpty();
    RegisterStep refresh =
        next.register(
            RegisterRequest.of("alice")
                .call("call-1", 2)
                .device(PHONE, AT_PHONE)
                .over("tcp/x:2/9")
                .build(),
            now.plusSeconds(62));
    assertThat(next.commit(refresh).reachable()).hasSize(1);
  }

  private static Binding asStored(Binding b) {
    return new Binding(
        b.device(),
        b.source(),
        b.contact(),
        b.parameters(),
        b.callId(),
        b.cseq(),
        b.path(),
        Optional.empty(),
        b.since(),
        b.updated(),
        b.expires());
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void aFlowThatFailedAtItsEdgeIsNotBoundAnyMore() {
    bound(
        RegisterRequest.of("alice")
            .call("c", 1)
            .device(PHONE, AT_PHONE, "reg-id", "1")
            .path("<sip:one@edge.test;lr;ob>"));
    bound(
        RegisterRequest.of("alice")
            .call("c", 2)
            .device(PHONE, AT_PHONE, "reg-id", "2")
            .path("<sip:two@edge.test;lr;ob>"));
    stored.clear();
    DeviceId phone = new DeviceId(ALICE, PHONE);

    settle(registrar.flowFailed(phone, AT_PHONE, List.of("<sip:two@edge.test;lr;ob>")));

    assertThat(only().routes()).extracting(DeviceRoute::regId).containsExactly(1);
    assertThat(stored).hasSize(1);
    assertThat(unreachable).isEmpty();

    settle(registrar.flowFailed(phone, AT_PHONE, List.of("<sip:one@edge.test;lr;ob>")));
    assertThat(unreachable).as("its last flow").containsExactly(phone);
  }

  @Test
  @Spec("RFC 5627 §5.1")
  void aGruuThatTheDeviceNamesIsNotKeptButTheCoresIs() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE, "pub-gruu", "sip:evil@x;gr=1"));
    assertThat(only().route().features()).doesNotContainKey("pub-gruu");

    bound(
        RegisterRequest.of("bob")
            .from(DeviceSource.THIRD_PARTY_REGISTER)
            .device(TABLET, AT_TABLET, "pub-gruu", "sip:bob@ims.test;gr=1"));
    assertThat(devices.getFirst().device().route().features())
        .containsEntry("pub-gruu", "sip:bob@ims.test;gr=1");
  }

  @Test
  @Spec("RFC 5627 §3.1")
  void aContactThatIsAPublicGruuIsTheDeviceThatItNames() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE));
    Registration.Contact gruu =
        RegisterRequest.contactOf(
            "sip:alice@continuo.test;gr=" + PHONE.toUpperCase().replace("URN:UUID", "urn:uuid"));

    assertThat(LearnedDevice.match(devices, gruu, Optional.empty()))
        .map(known -> known.device().id())
        .contains(new DeviceId(ALICE, PHONE));
    assertThat(devices.getFirst().calls()).containsExactly("call-1");
  }

  @Test
  @Spec("RFC 3261 §20.33")
  void aDeviceIsLeftAloneAsLongAsItAsked() {
    bound(RegisterRequest.of("alice").device(PHONE, AT_PHONE));
    publish(registrar.leaveAlone(new DeviceId(ALICE, PHONE), now.plusSeconds(100)));

    assertThat(devices.getFirst().backsOffAt(now.plusSeconds(99))).isTrue();
    assertThat(devices.getFirst().backsOffAt(now.plusSeconds(100))).isFalse();
  }

  private RegisterRequest flow(int regId, long cseq, String name) {
    return RegisterRequest.of("alice")
        .call("c", cseq)
        .device(PHONE, AT_PHONE, "reg-id", Integer.toString(regId))
        .over(name);
  }

  private ChannelKind channel(String... features) {
    bound(RegisterRequest.of("alice").call("f" + now, 1).contact(AT_PHONE, features));
    pass(Duration.ofSeconds(1));
    return only().channel();
  }

  private Device told(DeviceSource source, String contact, ChannelKind channel) {
    DeviceRoute route =
        new DeviceRoute(contact, List.of(), Optional.empty(), 0, Map.of(), Instant.MAX);
    return new Device(new DeviceId(ALICE, contact), source, channel, List.of(route));
  }

  private void see(String contact) {
    seen(RegisterRequest.contactOf(contact));
  }

  private void seen(Registration.Contact contact) {
    DeviceId id = LearnedDevice.identity(ALICE, contact);
    Instant end = now.plus(settings.learnedLifetime());
    publish(registrar.seen(LearnedDevice.of(id, contact, List.of(), Optional.empty(), end), now));
  }

  private Bound bound(RegisterRequest request) {
    return (Bound) outcome(request);
  }

  private Refused refused(RegisterRequest request) {
    return (Refused) outcome(request);
  }

  private Outcome outcome(RegisterRequest request) {
    RegisterStep step = registrar.register(request.build(), now);
    settle(step);
    return step.outcome();
  }

  private void settle(RegisterStep step) {
    stored.addAll(step.changes());
    publish(registrar.commit(step));
  }

  private void publish(Publication publication) {
    devices = publication.devices();
    flows = publication.flows();
    publication.reachable().forEach(device -> reachable.add(device.id()));
    unreachable.addAll(publication.unreachable());
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
    registrar.expire(now).forEach(this::settle);
  }

  private Device only() {
    assertThat(devices).hasSize(1);
    return devices.getFirst().device();
  }
}
