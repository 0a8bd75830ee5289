package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LearnedDeviceTest {
  private static final String INSTANCE = "urn:uuid:00000000-0000-0000-0000-00000000000a";
  private static final Optional<String> FLOW = Optional.of("tcp/192.0.2.1:4000/7");

  private final KnownDevice phone = known(INSTANCE, "sip:a@192.0.2.1", FLOW);
  private final KnownDevice softphone =
      known("sip:a@192.0.2.2", "sip:a@192.0.2.2", Optional.empty());

  @Test
  void theInstanceComesFirst() {
    assertThat(match(Optional.empty(), "sip:elsewhere@x", "+sip.instance", "<" + INSTANCE + ">"))
        .contains(phone);
  }

  @Test
  void withoutInstanceTheOnlyDeviceOnTheFlowIsMeant() {
    assertThat(match(FLOW, "sip:a@192.0.2.2")).contains(phone);
  }

  @Test
  void withoutFlowTheContactTells() {
    assertThat(match(Optional.empty(), "sip:a@192.0.2.2")).contains(softphone);
  }

  @Test
  void anotherInstanceIsAnotherDeviceEvenOnTheSameFlow() {
    assertThat(match(FLOW, "sip:a@192.0.2.1", "+sip.instance", "<urn:uuid:ffff>")).isEmpty();
  }

  @Test
  void aFlowThatTwoDevicesShareTellsNothing() {
    KnownDevice other = known("sip:b@192.0.2.1", "sip:b@192.0.2.1", FLOW);

    assertThat(
            LearnedDevice.match(
                List.of(phone, other), RegisterRequest.contactOf("sip:b@192.0.2.1"), FLOW))
        .contains(other);
  }

  private Optional<KnownDevice> match(Optional<String> flow, String uri, String... parameters) {
    return LearnedDevice.match(
        List.of(phone, softphone), RegisterRequest.contactOf(uri, parameters), flow);
  }

  private static KnownDevice known(String instance, String contact, Optional<String> flow) {
    DeviceRoute route = new DeviceRoute(contact, List.of(), flow, 0, Map.of(), Instant.MAX);
    DeviceId id = new DeviceId(RegisterRequest.subscriber("alice"), instance);
    Device device = new Device(id, DeviceSource.REGISTER, ChannelKind.SESSION, List.of(route));
    return new KnownDevice(device, true, Set.of(), Instant.MIN);
  }
}
