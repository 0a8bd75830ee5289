package io.continuo.clients;

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

/// The life of an rcsjta.
class RcsjtaIT {
  @Test
  @Spec("wire: interop contract")
  void rcsjtaLivesWithSamsungAndBlink(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Rcsjta phone = clients.registered("alice1", Rcsjta::new);
      Samsung other = clients.registered("bob1", Samsung::new);

      String first = phone.invitesSaying("bob1", "Lunch?");
      other.isInvited();
      Said question = other.hears("Lunch?");
      phone.isTold(first, "delivered");
      other.shows(question);
      phone.isTold(first, "displayed");

      other.types();
      phone.seesTyping();
      Clients.isSaidAndRead(other, "At one, Grüße", phone);
      phone.types();
      other.seesTyping();

      phone.leaves();
      other.says("still here");

      phone.isInvited();
      phone.hears("still here");
      clients.areAtRest();
      other.leaves();
      phone.isLeft();

      Rcsjta late = comesLate(clients);
      Clients.followTheTranscript(List.of(phone, late));
    }
  }

  private static Rcsjta comesLate(Clients clients) {
    Blink desktop = clients.registered("alice2", Blink::new);
    Rcsjta late =
        clients.comesLate(
            Rcsjta::new, desktop, clients.registered("bob2", Rcsjta::new), "one", "two");

    late.leaves();
    late.invites("alice2");
    late.says("back again");
    desktop.hears("back again");
    late.leaves();
    return late;
  }
}
