package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ACK and BYE of each call are written back to back, so a stack that loses the order of a call
/// tells a BYE before its ACK.
///
/// `mvn -Dcontinuo.order.calls=40000` runs as many calls over each transport as the notes on
/// JAIN-SIP measured.
class CallOrderTest extends EndpointTest {
  private static final int CALLS = Integer.getInteger("continuo.order.calls", 500);

  /// Calls that are not over yet: a UDP socket must not be asked to buffer more.
  private static final int AT_ONCE = 64;

  private final Map<String, List<String>> told = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Semaphore byes = new Semaphore(0);

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §13.3.1.4")
  void ackAndByeBackToBackAreAllToldInOrder(String transport) throws Exception {
    application.onInvite = this::accept;
    TextPeer peer = peer(transport, endpoint());
    Thread writer = Thread.ofVirtual().start(() -> invites(peer));

    Set<String> answered = new HashSet<>();
    for (int ended = 0; ended < CALLS; ) {
      String message = peer.receive();
      if (message.contains(" INVITE\r\n") && message.startsWith("SIP/2.0 200")) {
        // On a slow machine the 2xx is repeated before the ACK was read (RFC 3261 §13.3.1.4).
        if (answered.add(TextPeer.header(message, "Call-ID"))) {
          ackAndBye(peer, message);
        }
      } else if (message.contains(" BYE\r\n")) {
        assertThat(message).startsWith("SIP/2.0 200");
        ended++;
        free.release();
      }
    }
    assertThat(writer.join(java.time.Duration.ofMillis(TextPeer.READ_MILLIS))).isTrue();

    assertThat(byes.tryAcquire(CALLS, TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)).isTrue();

    assertThat(told).hasSize(CALLS);
    assertThat(told.values().stream().filter(events -> events.size() != 2)).as("lost").isEmpty();
    assertThat(told.values().stream().filter(events -> !events.equals(List.of("ack", "bye"))))
        .as("reordered")
        .isEmpty();
  }

  private void accept(InboundInvite invite) {
    String callId = invite.request().headers().first("Call-ID").orElseThrow();
    invite.accept(
        SipResponse.of(200, SipHeaders.of("Contact", "<sip:us@127.0.0.1>")),
        noting(told.computeIfAbsent(callId, id -> new CopyOnWriteArrayList<>())));
  }

  private void invites(TextPeer peer) {
    try {
      for (int i = 0; i < CALLS; i++) {
        if (!free.tryAcquire(30, TimeUnit.SECONDS)) {
          return; // the reader fails for want of answers
        }
        String contact = "Contact: <" + peer.uri("a") + ">";
        synchronized (peer) {
          peer.send(peer.request("INVITE", "sip:b@continuo.test", "call-" + i, 1, contact));
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ackAndBye(TextPeer peer, String ok) {
    String to = "To: " + TextPeer.header(ok, "To");
    String callId = TextPeer.header(ok, "Call-ID");
    String ack = peer.request("ACK", "sip:us@127.0.0.1", callId, 1, "");
    String bye = peer.request("BYE", "sip:us@127.0.0.1", callId, 2, "");
    synchronized (peer) {
      peer.send(ack.replace("To: <sip:bob@continuo.test>", to));
      peer.send(bye.replace("To: <sip:bob@continuo.test>", to));
    }
  }

  private DialogListener noting(List<String> events) {
    return new DialogListener() {
      @Override
      public void acknowledged(SipDialog dialog, SipRequest ack) {
        events.add("ack");
      }

      @Override
      public void bye(SipRequest request) {
        events.add("bye");
        byes.release();
      }

      @Override
      public void request(InboundRequest request) {
        events.add("request");
      }

      @Override
      public void lost(String reason) {
        events.add("lost");
      }
    };
  }
}
