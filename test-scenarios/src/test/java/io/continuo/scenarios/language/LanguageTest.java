package io.continuo.scenarios.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.device.Chat;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.ladder.Drawing;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Mermaid;
import io.continuo.device.sip.NotInTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The language itself, with one plain device in the place of the server: it must be able to fail.
class LanguageTest {
  private final Ladder peerLadder = new Ladder("alice");
  private final Device peer =
      new Device(
          DeviceConfig.of(
                  "peer",
                  "sip:bob@continuo.test",
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))
              .build(),
          peerLadder);
  private final Stage stage = new Stage(new Peer());
  private final Person alice = stage.person("alice");
  private final Person bob = stage.person("bob");

  private final class Peer implements ServerUnderTest {
    @Override
    public InetSocketAddress sip() {
      String uri = peer.uri();
      int port = Integer.parseInt(uri.replaceAll(".*:(\\d+);.*", "$1"));
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void kill() {
      peer.close();
    }

    @Override
    public void stop() {
      peer.close();
    }

    @Override
    public void restart() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> output() {
      return List.of();
    }

    @Override
    public void close() {
      peer.close();
    }
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  private Chat opened() {
    alice.phone.invites(bob);
    alice.phone.isInTheChat();
    return peer.awaitInvitation();
  }

  @Test
  void whatIsReadIsNotLeft() {
    Chat chat = opened();
    chat.send("hi").await(Device.PATIENCE);

    alice.phone.receives("hi").from(bob).once();
    alice.phone.receivesNothing();

    stage.expectNothingUnread();
  }

  @Test
  void anythingLeftUnreadFails() {
    Chat chat = opened();
    chat.send("nobody looks at this").await(Device.PATIENCE);

    assertThatThrownBy(stage::expectNothingUnread)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("nobody looks at this");
  }

  @Test
  void anotherTextThanExpectedFails() {
    opened().send("one").await(Device.PATIENCE);

    assertThatThrownBy(() -> alice.phone.receives("two")).isInstanceOf(AssertionError.class);
  }

  @Test
  void theSameMessageTwiceIsNotOnce() {
    Chat chat = opened();
    chat.send("hi", "id-1", 2048).await(Device.PATIENCE);
    chat.send("hi", "id-1", 2048).await(Device.PATIENCE);

    assertThatThrownBy(() -> alice.phone.receives("hi").once()).isInstanceOf(AssertionError.class);
  }

  @Test
  void aReceiptFromSomebodyElseIsNotTheExpectedOne() {
    Chat chat = opened();
    alice.phone.sends("hi");
    String id = stage.messageId("hi");
    chat.report(id, "sip:alice@continuo.test", "delivered").await(Device.PATIENCE);

    alice.phone.receivesReceipt("delivered").about("hi").from(bob);

    assertThatThrownBy(() ->
            alice
                .phone
                .device()
                .mailbox()
                .take(
                    io.continuo.device.Happening.Receipt.class,
                    any -> true,
                    Duration.ofMillis(1),
                    "another"))
        .isInstanceOf(NotInTime.class);
  }

  @Test
  void theLadderIsDrawnAndWritten() {
    opened().send("hi; #1").await(Device.PATIENCE);
    alice.phone.receives("hi; #1");

    assertThat(Drawing.of(stage.ladder())).contains("INVITE bob (multi-client)").contains("▶");
    assertThat(Mermaid.page("t", stage.ladder()))
        .contains("sequenceDiagram")
        .contains("participant L0 as alice.phone")
        .contains("L1->>L0: SEND \"hi#59; #35;1\"");
  }
}
