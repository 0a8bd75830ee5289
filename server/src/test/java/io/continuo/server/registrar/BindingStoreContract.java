package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every [BindingStore] does. A store's test implements it and keeps its store for one test.
public interface BindingStoreContract {
  BindingStore bindings() throws StoreUnavailable;

  @Test
  default void anEmptyStoreHasNoBindings() throws Exception {
    assertThat(bindings().load()).isEmpty();
  }

  @Test
  default void aBindingComesBackAsItWasWrittenButForItsFlow() throws Exception {
    Binding written = binding("alice", "sip:ä@192.0.2.1;x=\"'\u0000", 7);

    bindings().write(List.of(new BindingChange.Put(written)));

    assertThat(bindings().load()).containsExactly(withoutFlow(written));
  }

  @Test
  default void aBindingReplacesTheOneOfItsName() throws Exception {
    bindings().write(List.of(new BindingChange.Put(binding("alice", "sip:a@x", 1))));

    bindings().write(List.of(new BindingChange.Put(binding("alice", "sip:a@x", 2))));

    assertThat(bindings().load()).extracting(Binding::cseq).containsExactly(2L);
  }

  @Test
  default void changesOfOneBatchAreAppliedInOrder() throws Exception {
    Binding one = binding("alice", "sip:a@x", 1);
    Binding other = binding("alice", "sip:b@x", 1);

    bindings()
        .write(
            List.of(
                new BindingChange.Put(one),
                new BindingChange.Put(other),
                BindingChange.Remove.of(one)));

    assertThat(bindings().load()).extracting(Binding::contact).containsExactly("sip:b@x");
  }

  @Test
  default void aRemovalTouchesNobodyElse() throws Exception {
    Binding alice = binding("alice", "sip:same@x", 1);
    Binding bob = binding("bob", "sip:same@x", 1);
    bindings().write(List.of(new BindingChange.Put(alice), new BindingChange.Put(bob)));

    bindings().write(List.of(BindingChange.Remove.of(alice), BindingChange.Remove.of(alice)));

    assertThat(bindings().load()).containsExactly(withoutFlow(bob));
  }

  @Test
  default void namesDifferByCase() throws Exception {
    bindings()
        .write(
            List.of(
                new BindingChange.Put(binding("alice", "sip:A@x", 1)),
                new BindingChange.Put(binding("alice", "sip:a@x", 1))));

    assertThat(bindings().load()).hasSize(2);
  }

  static Binding binding(String user, String contact, long cseq) {
    Instant since = Instant.parse("2026-01-01T00:00:00.123456789Z");
    return new Binding(
        new DeviceId(RegisterRequest.subscriber(user), contact),
        DeviceSource.REGISTER,
        contact,
        Map.of("+g.oma.sip-im", "", "methods", "INVITE,MESSAGE"),
        "call@192.0.2.1",
        cseq,
        List.of("<sip:p1;lr>", "<sip:p2;lr>"),
        Optional.of("tcp/192.0.2.1:5060/1"),
        since,
        since.plusSeconds(1),
        since.plusSeconds(3600));
  }

  static Binding withoutFlow(Binding b) {
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
}
