package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The same over IPv6. A host without it shows that the error says so.
class MsrpIpv6Test extends MsrpEndpointFixture {
  private static final String PEER6 = "msrp://[::1]:9/peersession;tcp";
  private static final Optional<String> LOCAL6 = Optional.of("0:0:0:0:0:0:0:1");
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("::1");

  /// Whether it listens on `::1` now.
  private boolean startsOnIpv6() throws IOException {
    var terms = new Terms();
    terms.host = "::1";
    if (hasIpv6()) {
      endpoint = start(terms.settings());
      return true;
    }
    assertThatThrownBy(() -> start(terms.settings()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("::1");
    return false;
  }

  private static boolean hasIpv6() throws SocketException {
    return NetworkInterface.getByInetAddress(LOOPBACK) != null;
  }

  @Test
  @Spec("RFC 4975 §6")
  void thePathWritesIpv6InBracketsAndADeviceConnectsToIt() throws Exception {
    if (!startsOnIpv6()) {
      return;
    }
    MsrpUri path = MsrpUri.parse(path()).orElseThrow();
    assertThat(path()).startsWith("msrp://[::1]:").endsWith("/" + leg.value() + ";tcp");
    assertThat(path.host()).isEqualTo("::1");
    expects(leg);
    starts(leg, BOB, List.of(PEER6), false, LOCAL6);
    TextPeer peer = TextPeer.connect(new InetSocketAddress(LOOPBACK, path.port().orElseThrow()));
    opened.add(peer);

    peer.expectsAnswer(peer.sendBodiless(path(), PEER6), 200);
    events.next(Bound.class);
    String message = peer.sendText(path(), PEER6, "m1", "over six");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(message, 200);
  }

  @Test
  @Spec("RFC 6135 §4.2")
  void theActiveLegConnectsToAnIpv6Path() throws Exception {
    if (!startsOnIpv6()) {
      return;
    }
    var listener = new ServerSocket();
    opened.add(listener);
    listener.bind(new InetSocketAddress(LOOPBACK, 0));
    String path = "msrp://[::1]:" + listener.getLocalPort() + "/peersession;tcp";
    expects(leg);
    starts(leg, BOB, List.of(path), true, LOCAL6);
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);

    Frame bind = peer.nextRequest();
    assertThat(bind.header("To-Path")).isEqualTo(path);
    peer.answer(bind, "200 OK");
    events.next(Bound.class);
  }
}
