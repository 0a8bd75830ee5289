package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Blink;
import io.continuo.clients.doubles.LineageOs;
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
      Clients.isSaidAndRead(phone, LONG, other);

      Clients.isSaidAndRead(other, LONG + " of the answer", phone);
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
    LineageOs late =
        clients.comesLate(
            LineageOs::new,
            clients.registered("alice2", Blink::new),
            clients.registered("bob2", Samsung::new),
            "one",
            "zwölf");
    assertThat(late.cpmIds())
        .as("made by the server: Blink sends none")
        .hasSize(2)
        .allMatch(id -> UUID.fromString(id).toString().equals(id));
    return late;
  }
}
