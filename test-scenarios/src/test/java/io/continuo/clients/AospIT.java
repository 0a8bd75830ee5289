package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Aosp;
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
      String question = phone.says("Is this on?");
      Said asked = other.hears("Is this on?");
      phone.isTold(question, "delivered");
      other.shows(asked);
      phone.isTold(question, "displayed");
      other.types();
      phone.seesTyping();
      other.says("It is");
      phone.hears("It is");

      phone.leaves();
      other.says("gone?");
      phone.isInvited();
      phone.hears("gone?");
      Samsung another = clients.registered("bob1", Samsung::new);
      another.isInvited();
      clients.areAtRest();
      another.leaves();
      phone.isLeft();

      Aosp late = comesLate(clients);
      Clients.followTheTranscript(List.of(phone, late));
    }
  }

  private static Aosp comesLate(Clients clients) {
    Rcsjta phone = clients.registered("alice2", Rcsjta::new);
    Rcsjta early = clients.registered("bob2", Rcsjta::new);
    phone.invites("bob2");
    early.isInvited();
    phone.says("one");
    phone.says("two");
    early.hears("two");

    Aosp late = clients.registered("bob2", Aosp::new);
    late.isInvited();
    late.hears("one");
    late.hears("two");
    assertThat(late.shown()).extracting(Said::text).containsExactly("one", "two");
    late.says("here I am");
    phone.hears("here I am");
    early.hears("here I am");
    return late;
  }
}
