package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Aosp;
import io.continuo.clients.doubles.Blink;
import io.continuo.clients.doubles.ClientDouble;
import io.continuo.clients.doubles.LineageOs;
import io.continuo.clients.doubles.Rcsjta;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The product's promise with the clients that exist: five of them, all different, are devices of
/// one subscriber in one chat.
class AllClientsIT {
  @Test
  @Spec("wire: interop contract")
  void fiveDifferentClientsOfOneSubscriberAreInOneChat(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Samsung bob = clients.registered("bob1", Samsung::new);
      Rcsjta rcsjta = clients.registered("alice1", Rcsjta::new);
      Aosp aosp = clients.registered("alice1", Aosp::new);
      LineageOs lineageOs = clients.registered("alice1", LineageOs::new);
      Blink blink = clients.registered("alice1", Blink::new);

      bob.invites("alice1");
      List<ClientDouble> early = List.of(rcsjta, aosp, lineageOs, blink);
      early.forEach(ClientDouble::isInvited);
      String said = bob.says("all of you?");
      early.forEach(each -> each.hears("all of you?"));
      bob.isTold(said, "delivered");

      Samsung samsung = clients.registered("alice1", Samsung::new);
      samsung.isInvited();
      samsung.hears("all of you?");
      List<ClientDouble> all = List.of(rcsjta, aosp, lineageOs, blink, samsung);
      for (ClientDouble speaker : all) {
        String words = "I am " + speaker;
        speaker.says(words);
        bob.hears(words);
        all.stream()
            .filter(each -> each != speaker)
            .forEach(
                each -> assertThat(each.hears(words).from()).isEqualTo(Clients.address("alice1")));
      }
      bob.says("good night");
      for (ClientDouble each : all) {
        Said last = each.hears("good night");
        assertThat(each.shown()).endsWith(last).hasSize(all.size() + 1);
      }
      clients.areAtRest();
      bob.leaves();
      all.forEach(ClientDouble::isLeft);
    }
  }
}
