package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Aosp;
import io.continuo.clients.doubles.Other;
import io.continuo.clients.doubles.Rcsjta;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The life of a client like Samsung's, and of the row of the contract that has no name.
class SamsungIT {
  @Test
  @Spec("wire: interop contract")
  void samsungLivesWithRcsjtaAndAosp(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Samsung phone = clients.registered("alice1", Samsung::new);
      Rcsjta other = clients.registered("bob1", Rcsjta::new);

      phone.invites("bob1");
      other.isInvited();
      Clients.isSaidAndRead(phone, "Coffee?", other);
      Clients.isSaidAndRead(other, "Tea", phone);
      phone.types();
      other.seesTyping();
      other.types();
      phone.seesTyping();

      String paged = phone.pages("out of session");
      other.hears("out of session");
      phone.isTold(paged, "delivered");

      clients.areAtRest();
      phone.leaves();
      other.isLeft();

      Samsung late = comesLate(clients);
      Clients.followTheTranscript(List.of(phone, late));
    }
  }

  private static Samsung comesLate(Clients clients) {
    Samsung late =
        clients.comesLate(
            Samsung::new,
            clients.registered("alice2", Aosp::new),
            clients.registered("bob2", Aosp::new),
            "one",
            "two");

    Samsung another = clients.registered("alice2", Samsung::new);
    another.hears("here I am");
    clients.areAtRest();
    another.leaves();
    late.isLeft();
    return late;
  }

  /// All its pager messages say `Request-Disposition: no-fork`.
  @ParameterizedTest(name = "imdn.no-fork-copies: {0}")
  @ValueSource(strings = {"send", "withhold"})
  @Spec("wire: interop contract")
  void itsOwnOtherPhoneGetsACopyOfAPagerMessageAsThePolicySays(
      String policy, @TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory, Map.of("imdn.no-fork-copies", policy))) {
      Samsung phone = clients.registered("alice1", Samsung::new);
      Samsung sibling = clients.registered("alice1", Samsung::new);
      Rcsjta other = clients.registered("bob1", Rcsjta::new);
      phone.invites("bob1");
      other.isInvited();
      sibling.isInvited();

      phone.pages("no fork");
      other.hears("no fork");
      other.says("for all");
      phone.hears("for all");
      sibling.hears("for all");

      List<String> shown =
          policy.equals("send") ? List.of("no fork", "for all") : List.of("for all");
      assertThat(sibling.shown()).extracting(Said::text).containsExactlyElementsOf(shown);
      clients.areAtRest();
    }
  }

  @Test
  @Spec("wire: interop contract")
  void theOdditiesOfOthersPass(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory)) {
      Other odd = clients.registered("alice1", Other::new);
      Samsung phone = clients.registered("bob1", Samsung::new);

      odd.invites("bob1");
      phone.isInvited();
      Clients.isSaidAndRead(odd, "oddly said", phone);
      Clients.isSaidAndRead(phone, "plainly answered", odd);

      Other late = clients.registered("bob1", Other::new);
      late.isInvited();
      late.hears("oddly said");
      late.hears("plainly answered");
      odd.leaves();
      clients.areAtRest();
      phone.leaves();
      late.isLeft();

      Clients.followTheTranscript(List.of(odd, late));
    }
  }
}
