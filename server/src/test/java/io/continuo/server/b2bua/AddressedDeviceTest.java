package io.continuo.server.b2bua;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.SessionSettings;
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

/// A device that was addressed by its GRUU (RFC 5627): alice means bob's phone, and he has a
/// desktop too.
class AddressedDeviceTest {
  private static final Device ALICE = device("alice", "phone");
  private static final Device PHONE = device("bob", "phone");
  private static final Device DESKTOP = device("bob", "desktop");
  private static final List<Device> BOBS = List.of(PHONE, DESKTOP);
  private static final AddressOfRecord BOB = PHONE.id().owner();

  private int next;
  private final ChatSession session =
      new ChatSession(
          SessionSettings.DEFAULT, Duration.ofSeconds(30), false, () -> new LegId("leg-" + ++next));

  private List<Device> invitedOn(SessionEvent event) {
    List<Device> invited = new ArrayList<>();
    session
        .on(event)
        .forEach(effect -> {
          if (effect instanceof SessionEffect.Open open) {
            invited.add(open.device());
          }
        });
    return invited;
  }

  private static SessionEvent message() {
    return new SessionEvent.Wanted(ALICE.id(), Map.of(BOB, BOBS));
  }

  private SessionEvent invite(Device... bobs) {
    return new SessionEvent.Invited(
        new LegId("alices-" + ++next),
        ALICE,
        true,
        false,
        Duration.ofMinutes(3),
        70,
        Map.of(BOB, List.of(bobs)));
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void noOtherDeviceOfItsSubscriberIsInvitedNotEvenForAMessage() {
    assertThat(invitedOn(invite(PHONE))).containsExactly(PHONE);
    invitedOn(new SessionEvent.AddressedOne(PHONE.id(), BOBS));

    assertThat(invitedOn(message())).isEmpty();
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void aMessageToItInvitesItAlone() {
    invitedOn(new SessionEvent.AddressedOne(PHONE.id(), BOBS));

    assertThat(invitedOn(message())).containsExactly(PHONE);
  }

  @Test
  void theOthersAreBackWhenTheirSubscriberIsAddressed() {
    invitedOn(new SessionEvent.AddressedOne(PHONE.id(), BOBS));
    invitedOn(message());

    invitedOn(new SessionEvent.AddressedAll(BOB));
    assertThat(invitedOn(message())).containsExactly(DESKTOP);
  }

  @Test
  void theOthersAreBackWhenSomebodyInvitesThemAll() {
    invitedOn(new SessionEvent.AddressedOne(PHONE.id(), BOBS));

    assertThat(invitedOn(invite(PHONE, DESKTOP))).containsExactly(PHONE, DESKTOP);
  }

  @Test
  void oneThatRegistersAnewIsInvitedToTheLiveSession() {
    invitedOn(invite(PHONE));
    invitedOn(new SessionEvent.AddressedOne(PHONE.id(), BOBS));

    assertThat(invitedOn(new SessionEvent.Reachable(DESKTOP, false))).containsExactly(DESKTOP);
  }

  @Test
  void whoIsInTheSessionStaysAndIsNotLeftOut() {
    invitedOn(invite(PHONE, DESKTOP));

    assertThat(session.on(new SessionEvent.AddressedOne(PHONE.id(), BOBS))).isEmpty();
    assertThat(session.legs()).hasSize(3);
  }

  private static Device device(String user, String name) {
    DeviceRoute route =
        new DeviceRoute(
            "sip:" + user + "@192.0.2.1", List.of(), Optional.empty(), 0, Map.of(), Instant.MAX);
    return new Device(
        new DeviceId(AddressOfRecord.of("sip:" + user + "@continuo.test"), name),
        DeviceSource.REGISTER,
        ChannelKind.SESSION,
        List.of(route));
  }
}
