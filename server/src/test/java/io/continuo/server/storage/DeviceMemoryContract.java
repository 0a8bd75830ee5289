package io.continuo.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.DeviceSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every [DeviceMemory] remembers of the bindings that are written beside it.
public interface DeviceMemoryContract {
  Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  DeviceId PHONE = new DeviceId(AddressOfRecord.of("sip:alice@continuo.test"), "urn:uuid:phone");
  DeviceId TABLET = new DeviceId(AddressOfRecord.of("sip:alice@continuo.test"), "urn:uuid:tablet");

  DeviceMemory devices() throws StoreUnavailable;

  BindingStore bindings() throws StoreUnavailable;

  @Test
  default void aDeviceIsUnboundSinceItsBindingExpired() throws Exception {
    put(PHONE, "sip:a@x", NOON);

    assertThat(devices().unboundSince(NOON)).isEmpty();
    assertThat(devices().unboundSince(NOON.plusMillis(1))).containsExactly(PHONE);
  }

  @Test
  default void theLastOfItsBindingsCounts() throws Exception {
    put(PHONE, "sip:a@x", NOON.plus(Duration.ofHours(2)));
    put(PHONE, "sip:b@x", NOON);
    put(TABLET, "sip:c@x", NOON);

    assertThat(devices().unboundSince(NOON.plusSeconds(1))).containsExactly(TABLET);
  }

  @Test
  default void aDeviceIsRememberedWhenItsBindingIsGone() throws Exception {
    Binding binding = put(PHONE, "sip:a@x", NOON);
    bindings()
        .write(List.of(new BindingChange.Remove(PHONE.owner(), binding.source(), binding.name())));

    assertThat(devices().unboundSince(NOON.plusSeconds(1))).containsExactly(PHONE);
  }

  @Test
  default void whoComesBackIsBoundAgain() throws Exception {
    put(PHONE, "sip:a@x", NOON);
    put(PHONE, "sip:a@x", NOON.plus(Duration.ofDays(40)));

    assertThat(devices().unboundSince(NOON.plus(Duration.ofDays(35)))).isEmpty();
  }

  @Test
  default void aRowThatNamesAnotherDeviceUnbindsTheOneBefore() throws Exception {
    put(PHONE, "sip:a@x", NOON);
    put(PHONE, "sip:a@x", NOON.plusSeconds(10));
    put(TABLET, "sip:a@x", NOON.plusSeconds(60));

    assertThat(devices().unboundSince(NOON.plusSeconds(10))).isEmpty();
    assertThat(devices().unboundSince(NOON.plusSeconds(11))).containsExactly(PHONE);
  }

  @Test
  default void aRefreshCountsOnceItsBindingIsGone() throws Exception {
    put(PHONE, "sip:a@x", NOON);
    Binding last = put(PHONE, "sip:a@x", NOON.plusSeconds(10));
    bindings().write(List.of(new BindingChange.Remove(PHONE.owner(), last.source(), last.name())));

    assertThat(devices().unboundSince(NOON.plusSeconds(10))).isEmpty();
    assertThat(devices().unboundSince(NOON.plusSeconds(11))).containsExactly(PHONE);
  }

  @Test
  default void aBindingThatEndedWithTheDroppedIsDroppedToo() throws Exception {
    put(PHONE, "sip:a@x", NOON);
    put(PHONE, "sip:b@x", NOON.plusSeconds(20));
    put(TABLET, "sip:c@x", NOON);
    devices().dropUnboundSince(NOON.plusSeconds(5));

    assertThat(bindings().load()).extracting(Binding::contact).containsExactly("sip:b@x");
    put(TABLET, "sip:c@x", NOON.plusSeconds(10));
    assertThat(devices().unboundSince(NOON.plusSeconds(15))).containsExactly(TABLET);
    assertThat(devices().unboundSince(NOON.plusSeconds(25)))
        .containsExactlyInAnyOrder(PHONE, TABLET);
  }

  @Test
  default void whoIsDroppedIsNotRemembered() throws Exception {
    put(PHONE, "sip:a@x", NOON);
    put(TABLET, "sip:b@x", NOON.plusSeconds(10));
    devices().dropUnboundSince(NOON.plusSeconds(5));

    assertThat(devices().unboundSince(NOON.plusSeconds(60))).containsExactly(TABLET);
  }

  private Binding put(DeviceId device, String contact, Instant expires) throws Exception {
    Binding binding =
        new Binding(
            device,
            DeviceSource.values()[0],
            contact,
            Map.of(),
            "call",
            1,
            List.of(),
            Optional.empty(),
            NOON,
            NOON,
            expires);
    bindings().write(List.of(new BindingChange.Put(binding)));
    return binding;
  }
}
