package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Aosp;
import io.continuo.clients.doubles.Blink;
import io.continuo.clients.doubles.Rcsjta;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a Blink. It takes no receipts in a chat: a REPORT tells it that the server has a
/// message, and it is never sent what it did not offer.
class BlinkIT {
  @Test
  @Spec("wire: interop contract")
  void blinkLivesWithRcsjtaAndAosp(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Blink desktop = clients.registered("alice1", Blink::new);
      Rcsjta other = clients.registered("bob1", Rcsjta::new);

      desktop.invites("bob1");
      other.isInvited();
      String plain = desktop.says("hello");
      desktop.isTold(plain, "delivered");
      assertThat(other.hears("hello").from()).isEqualTo(Clients.address("alice1"));
      String counted = desktop.says("Grüße aus Köln, 12 €");
      desktop.isTold(counted, "delivered");
      assertThat(other.hears("Grüße aus Köln, 12 €").from()).isEqualTo(Clients.address("alice1"));
      desktop.keepsAlive();
      desktop.types();
      other.seesTyping();

      other.says("and hello from here");
      Said answer = desktop.hears("and hello from here");
      assertThat(answer.wanted()).isEqualTo("positive-delivery, display");
      other.types();
      desktop.seesTyping();

      desktop.leaves();
      other.says("are you back?");
      desktop.isInvited();
      desktop.hears("are you back?");
      Samsung another = clients.registered("bob1", Samsung::new);
      another.hears("are you back?");
      clients.areAtRest();
      another.leaves();
      desktop.isLeft();

      Blink late =
          clients.comesLate(
              Blink::new,
              clients.registered("alice2", Aosp::new),
              clients.registered("bob2", Aosp::new),
              "one",
              "two");
      Clients.followTheTranscript(List.of(desktop, late));
    }
  }
}
