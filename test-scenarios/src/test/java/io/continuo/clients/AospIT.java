package io.continuo.clients;

import io.continuo.clients.doubles.Aosp;
import io.continuo.clients.doubles.LineageOs;
import io.continuo.clients.doubles.Rcsjta;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of AOSP's client. It sends no receipts and no typing; it is sent both.
class AospIT {
  @Test
  @Spec("wire: interop contract")
  void aospLivesWithLineageOsAndRcsjta(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Aosp phone = clients.registered("alice1", Aosp::new);
      LineageOs other = clients.registered("bob1", LineageOs::new);

      phone.invites("bob1");
      other.isInvited();
      Clients.isSaidAndRead(phone, "Is this on?", other);
      other.types();
      phone.seesTyping();
      other.says("It is");
      phone.hears("It is");

      phone.leaves();
      other.says("gone?");
      phone.isInvited();
      phone.hears("gone?");
      Samsung another = clients.registered("bob1", Samsung::new);
      another.hears("gone?");
      clients.areAtRest();
      another.leaves();
      phone.isLeft();

      Aosp late =
          clients.comesLate(
              Aosp::new,
              clients.registered("alice2", Rcsjta::new),
              clients.registered("bob2", Rcsjta::new),
              "one",
              "two");
      Clients.followTheTranscript(List.of(phone, late));
    }
  }
}
