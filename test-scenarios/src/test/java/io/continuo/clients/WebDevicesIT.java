package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Account;
import io.continuo.clients.doubles.Carrier;
import io.continuo.clients.doubles.ClientDouble;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Samsung;
import io.continuo.clients.doubles.Softphone;
import io.continuo.clients.doubles.WebPage;
import io.continuo.conformance.Spec;
import io.continuo.scenarios.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Devices whose SIP and MSRP both go over WebSockets, or both over TLS, chat with a phone on TCP.
/// What they mind is in [WebPage] and [Softphone].
class WebDevicesIT {
  @TempDir static Path directory;

  private static TestAuthority authority;
  private static Clients clients;

  @BeforeAll
  static void aServerThatSpeaksEverything() throws IOException {
    authority = new TestAuthority(directory);
    clients =
        Clients.start(
            directory.resolve("server"),
            Map.of(
                "tls.certificates", "['" + authority.issue("chat", "chat.continuo.test") + "']",
                "sip.transports", "[udp, tcp, tls, ws, wss]",
                "sip.tls-port", "0",
                "sip.ws-port", "0",
                "sip.wss-port", "0",
                "msrp.transports", "[tcp, tls, ws, wss]",
                "msrp.tls-port", "0",
                "msrp.ws-port", "0",
                "msrp.wss-port", "0"));
  }

  @AfterAll
  static void stop() {
    clients.close();
  }

  private static Function<Account, WebPage> pageOver(String door) {
    return account -> new WebPage(account, carrier(door));
  }

  private static Carrier carrier(String door) {
    return new Carrier(
        clients.listening(door),
        door.equals("sip-ws") ? Optional.empty() : Optional.of(authority.believed()));
  }

  @Test
  @Spec("RFC 7118 §5")
  @Spec("RFC 7977 §5")
  @Spec("RFC 5626 §6")
  @Spec("RFC 5627 §4.4")
  void aPageOverSecureWebSocketsChatsWithAPhone() {
    WebPage page = clients.registered("alice1", pageOver("sip-wss"));
    chatsWithAPhone(page, "1");
    Clients.followTheTranscript(List.of(page));
  }

  @Test
  @Spec("RFC 7118 §5")
  @Spec("RFC 7977 §5")
  void aPageBehindAProxyThatEndsTlsChatsWithAPhone() {
    chatsWithAPhone(clients.registered("alice2", pageOver("sip-ws")), "2");
  }

  @Test
  @Spec("RFC 3261 §26.3")
  @Spec("RFC 4975 §14.2")
  void aDesktopOverTlsChatsWithAPhone() {
    ClientDouble desktop =
        clients.registered("alice3", account -> new Softphone(account, carrier("sip-tls")));
    chatsWithAPhone(desktop, "3");
  }

  /// It is invited over the connection by which it registered, and later invites itself.
  private static void chatsWithAPhone(ClientDouble device, String story) {
    Samsung phone = clients.registered("bob" + story, Samsung::new);
    phone.invites("alice" + story);
    device.isInvited();
    String question = phone.says("where are you?");
    Said asked = device.hears("where are you?");
    phone.isTold(question, "delivered");
    device.shows(asked);
    phone.isTold(question, "displayed");
    String answer = device.says("in a page – ü");
    Said read = phone.hears("in a page – ü");
    device.isTold(answer, "delivered");
    phone.shows(read);
    device.isTold(answer, "displayed");
    clients.areAtRest();
    phone.leaves();
    device.isLeft();

    device.invites("bob" + story);
    phone.isInvited();
    device.says("once more");
    phone.hears("once more");
    clients.areAtRest();
    device.leaves();
    assertThat(device.shown()).containsExactly(asked);
  }
}
