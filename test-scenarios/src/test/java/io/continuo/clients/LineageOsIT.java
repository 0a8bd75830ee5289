package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Blink;
import io.continuo.clients.doubles.LineageOs;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of LineageOS's messaging app.
class LineageOsIT {
  /// Needs three of its chunks.
  private static final String LONG = "Ü ".repeat(1700) + "end";

  @Test
  @Spec("wire: interop contract")
  void lineageOsLivesWithSamsungAndBlink(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.startWithTls(directory)) {
      LineageOs phone = clients.registered("alice1", LineageOs::new);
      Samsung other = clients.registered("bob1", Samsung::new);

      phone.invites("bob1");
      other.isInvited();
      String question = phone.says(LONG);
      Said asked = other.hears(LONG);
      phone.isTold(question, "delivered");
      other.shows(asked);
      phone.isTold(question, "displayed");

      String answer = other.says(LONG + " of the answer");
      Said read = phone.hears(LONG + " of the answer");
      other.isTold(answer, "delivered");
      phone.shows(read);
      other.isTold(answer, "displayed");
      other.types();
      phone.seesTyping();
      phone.types();
      other.seesTyping();

      phone.leaves();
      other.says("after thirty idle seconds");
      phone.isInvited();
      phone.hears("after thirty idle seconds");
      assertThat(phone.offeredSetups())
          .as("it chose to wait, where nobody can connect to it: then it was told to connect")
          .containsExactly("actpass", "passive");
      phone.leaves();
      other.says("after thirty more");
      phone.isInvited();
      phone.hears("after thirty more");
      assertThat(phone.offeredSetups()).containsExactly("actpass", "passive", "passive");
      clients.areAtRest();
      other.leaves();
      phone.isLeft();

      LineageOs late = comesLate(clients);
      Clients.followTheTranscript(List.of(phone, late));
    }
  }

  private static LineageOs comesLate(Clients clients) {
    Blink desktop = clients.registered("alice2", Blink::new);
    Samsung early = clients.registered("bob2", Samsung::new);
    desktop.invites("bob2");
    early.isInvited();
    desktop.says("one");
    desktop.says("zwölf");
    early.hears("zwölf");

    LineageOs late = clients.registered("bob2", LineageOs::new);
    late.isInvited();
    assertThat(late.cpmIds())
        .as("made by the server: Blink sends none")
        .hasSize(2)
        .allMatch(id -> UUID.fromString(id).toString().equals(id));
    late.hears("one");
    late.hears("zwölf");
    assertThat(late.shown()).extracting(Said::text).containsExactly("one", "zwölf");
    late.says("here I am");
    desktop.hears("here I am");
    early.hears("here I am");
    return late;
  }
}
