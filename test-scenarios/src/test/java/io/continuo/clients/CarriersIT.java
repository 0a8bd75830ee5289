package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Browser;
import io.continuo.clients.doubles.LineageOs;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One chat over TLS, a WebSocket and plain TCP at the same time.
class CarriersIT {
  private static final Map<String, String> ALL =
      Map.of(
          "msrp.transports", "[tcp, tls, ws]",
          "msrp.tls-port", "0",
          "msrp.ws-port", "0");

  /// Three chunks towards each device.
  private static final String LONG = "Ü ".repeat(1700) + "end";

  @Test
  @Spec("wire: interop contract")
  @Spec("RFC 4975 §14.2")
  @Spec("RFC 7977 §5")
  void aTlsDeviceABrowserAndAPlainDeviceAreInOneChat(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory, ALL)) {
      LineageOs phone = clients.registered("alice1", LineageOs::new);
      Browser page = clients.registered("bob1", Browser::new);
      showsWhatItSpeaks(page, phone);

      phone.invites("bob1");
      page.isInvited();
      Samsung plain = clients.registered("bob1", Samsung::new);
      plain.hears("hello from a page");

      String question = phone.says(LONG);
      Said asked = plain.hears(LONG);
      page.hears(LONG);
      phone.isTold(question, "delivered");
      plain.shows(asked);
      phone.isTold(question, "displayed");

      String answer = page.says("from the page");
      phone.hears("from the page");
      plain.hears("from the page");
      page.isTold(answer, "delivered");

      plain.says("from plain TCP");
      phone.hears("from plain TCP");
      page.hears("from plain TCP");

      // Its BYE has the user's word: the session ends over every carrier.
      clients.areAtRest();
      plain.leaves();
      page.isLeft();
      phone.isLeft();
    }
  }

  /// Its signalling does not tell that it is a page; its first offer does. In the one conversation
  /// that all of them are in: whoever is invited in between is invited to the same chat.
  private static void showsWhatItSpeaks(Browser page, LineageOs phone) {
    page.invites("alice1");
    phone.isInvited();
    String hello = page.says("hello from a page");
    phone.hears("hello from a page");
    page.isTold(hello, "delivered");
    page.leaves();
    phone.leaves();
  }

  @Test
  @Spec("wire: interop contract")
  void aTlsDeviceAnswersOverTlsAsItOffers(@TempDir Path directory) throws IOException {
    try (Clients clients = Clients.start(directory, ALL)) {
      LineageOs phone = clients.registered("alice1", LineageOs::new);
      Samsung plain = clients.registered("bob1", Samsung::new);
      phone.invites("bob1");
      plain.isInvited();
      phone.says("one");
      plain.hears("one");
      clients.areAtRest();
      phone.leaves();

      // Its last offer was over TLS, so ours is.
      plain.says("are you there?");
      phone.isInvited();
      phone.hears("are you there?");
      phone.says("over TLS again");
      plain.hears("over TLS again");
      assertThat(phone.shown()).hasSize(1);
      clients.areAtRest();
    }
  }
}
