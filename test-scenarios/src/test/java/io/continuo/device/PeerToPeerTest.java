package io.continuo.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.DeviceConfig.AutoAccept;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap.Direction;
import io.continuo.device.sip.SipAgent.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two devices talk to each other without a server: the device is what it says it is.
class PeerToPeerTest {
  private final Ladder ladder = new Ladder("network");
  private final List<Device> devices = new ArrayList<>();

  private Device bob(UnaryOperator<DeviceConfig.Builder> how) {
    InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    DeviceConfig.Builder config = DeviceConfig.of("bob", "sip:bob@continuo.test", nowhere);
    return started(how.apply(config).build());
  }

  private Device aliceFacing(Device bob, UnaryOperator<DeviceConfig.Builder> how) {
    DeviceConfig.Builder config =
        DeviceConfig.of("alice", "sip:alice@continuo.test", bob.agent().local());
    return started(how.apply(config).build());
  }

  private Device started(DeviceConfig config) {
    Device device = new Device(config, ladder);
    devices.add(device);
    return device;
  }

  @AfterEach
  void stop() {
    devices.forEach(Device::close);
  }

  private static UnaryOperator<DeviceConfig.Builder> plain() {
    return builder -> builder;
  }

  private static ChatMessage received(Device device) {
    return device
        .mailbox()
        .take(Happening.Received.class, any -> true, Device.PATIENCE, "a message")
        .message();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aChatIsOpenedAndTalkedIn(Transport transport) {
    Device bob = bob(b -> b.over(transport));
    Device alice = aliceFacing(bob, b -> b.over(transport));

    Chat chat = alice.invite("sip:bob@continuo.test");
    Sent hi = chat.send("hi");

    assertThat(hi.await(Device.PATIENCE)).isEqualTo(200);
    assertThat(received(bob).text()).isEqualTo("hi");
    assertThat(bob.awaitInvitation().send("hello").await(Device.PATIENCE)).isEqualTo(200);
    assertThat(received(alice).from()).isEqualTo("sip:bob@continuo.test");
    assertThat(chat.bye("SIP;cause=200")).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @Spec("RFC 6135 §4.2")
  void everyOfferedRoleFindsItsConnection(Role role, TestReporter reporter) {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, b -> b.setup(role));

    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.barrier();

    assertThat(chat.connects()).isEqualTo(role == Role.ACTIVE);
    reporter.publishEntry("observed", role + (chat.connects() ? " connects" : " is connected to"));
  }

  @Test
  void aReportIsSentWhenAskedForAndBecomesATick() {
    Device bob = bob(b -> b.reports("delivered", "displayed"));
    Device alice = aliceFacing(bob, plain());

    Sent hi = alice.invite("sip:bob@continuo.test").send("hi");
    for (String disposition : List.of("delivered", "displayed")) {
      Happening.Receipt receipt =
          alice.mailbox().take(Happening.Receipt.class, any -> true, Device.PATIENCE, "a receipt");
      assertThat(receipt)
          .isEqualTo(new Happening.Receipt(hi.id(), disposition, "sip:bob@continuo.test"));
    }
    assertThat(alice.mailbox().ticks(hi.id())).containsOnlyKeys("delivered", "displayed");
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void textSurvivesEveryChunkCut(TestReporter reporter) {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");
    String text = "שלום 👩‍👩‍👧 \uD834\uDD1E\r\n-------not-the-end$\r\nx";

    for (int size : new int[] {1, 2, 3, 5, 7, 11}) {
      assertThat(chat.send(text, UUID.randomUUID().toString(), size).await(Device.PATIENCE))
          .isEqualTo(200);
      assertThat(received(bob).text()).isEqualTo(text);
      reporter.publishEntry("observed", "whole in chunks of " + size);
    }
  }

  @Test
  void aRefusalIsSeen() {
    Device bob = bob(b -> b.autoAccept(AutoAccept.NONE));
    Device alice = aliceFacing(bob, plain());

    Chat chat = alice.invite("sip:bob@continuo.test");
    bob.awaitInvitation().reject(486);

    assertThat(chat.awaitAnswer()).isEqualTo(486);
  }

  @Test
  @Spec("RFC 3261 §9")
  void aCancelEndsTheRinging(TestReporter reporter) {
    Device bob = bob(b -> b.autoAccept(AutoAccept.NONE));
    Device alice = aliceFacing(bob, plain());

    Chat chat = alice.invite("sip:bob@continuo.test");
    bob.awaitInvitation();
    chat.cancel();

    assertThat(chat.awaitAnswer()).isEqualTo(487);
    bob.mailbox().take(Happening.Cancelled.class, any -> true, Device.PATIENCE, "the cancellation");
    reporter.publishEntry("observed", "487 to INVITE");
  }

  @Test
  void aByeTellsItsReason() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.awaitEstablished();
    Chat his = bob.awaitInvitation();

    his.awaitAck();
    his.bye("SIP;cause=480");

    Happening.Ended ended =
        alice.mailbox().take(Happening.Ended.class, any -> true, Device.PATIENCE, "the BYE");
    assertThat(ended.reason()).isEqualTo("SIP;cause=480");
    assertThat(alice.openChats()).isEmpty();
  }

  @Test
  void aFirstMessageInsideTheInviteIsRead() {
    Device bob = bob(b -> b.autoAccept(AutoAccept.NONE));
    Device alice = aliceFacing(bob, plain());

    alice.inviteWith("sip:bob@continuo.test", "first-1", "knock knock");

    assertThat(received(bob).id()).isEqualTo("first-1");
    bob.awaitInvitation().accept();
  }

  @Test
  @Spec("RFC 5366 §4")
  void aGroupIsInvitedByARecipientList(TestReporter reporter) {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());

    Chat group = alice.inviteGroup(List.of("sip:bob@continuo.test", "sip:carol@continuo.test"));

    assertThat(group.awaitAnswer()).isEqualTo(200);
    assertThat(alice.wiretap().text(Direction.SENT))
        .contains("INVITE sip:chat@continuo.test SIP/2.0")
        .contains("Require: recipient-list-invite")
        .contains("<entry uri=\"sip:carol@continuo.test\"");
    reporter.publishEntry("observed", "200 to INVITE with a recipient-list");
  }

  @Test
  void anOwnAddressIsFiledAsSent() {
    Device tablet =
        started(
            DeviceConfig.of(
                    "alice tablet",
                    "sip:alice@continuo.test",
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 9))
                .build());
    Device phone = aliceFacing(tablet, plain());

    phone.invite("sip:bob@continuo.test").send("from my phone");
    tablet.mailbox().take(Happening.OwnCopy.class, any -> true, Device.PATIENCE, "an own copy");

    assertThat(tablet.mailbox().received()).isEmpty();
    assertThat(tablet.mailbox().sent()).extracting(ChatMessage::text).contains("from my phone");
  }

  @Test
  void theSameMessageTwiceIsFiledOnce() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");

    chat.send("hi", "same-id", 2048).await(Device.PATIENCE);
    chat.send("hi", "same-id", 2048).await(Device.PATIENCE);

    assertThat(bob.mailbox().received()).hasSize(1);
    assertThat(bob.mailbox().arrivals("same-id")).isEqualTo(2);
  }

  @Test
  void aWithheldAnswerComesWhenReleased() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.barrier();
    Chat his = bob.awaitInvitation();
    his.msrp().answers().withhold();

    Sent hi = chat.send("hi");
    received(bob);
    assertThat(hi.status()).isNotDone();
    his.msrp().answers().release();

    assertThat(hi.await(Device.PATIENCE)).isEqualTo(200);
  }

  @Test
  void aScriptedStatusIsAnswered() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.barrier();

    bob.awaitInvitation().msrp().answers().nextIs(413);

    assertThat(chat.send("too much").await(Device.PATIENCE)).isEqualTo(413);
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void aSuccessReportIsSentWhenAskedFor(TestReporter reporter) {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());
    Chat chat = alice.invite("sip:bob@continuo.test");

    chat.send(
        "m1",
        new io.continuo.device.msrp.Outgoing("m1", "text/plain", "hi".getBytes())
            .reporting("yes", true));

    Happening.Reported report =
        alice.mailbox().take(Happening.Reported.class, any -> true, Device.PATIENCE, "a REPORT");
    assertThat(report).isEqualTo(new Happening.Reported("m1", 200));
    reporter.publishEntry("observed", "REPORT 200");
  }

  @Test
  void aDroppedSessionIsBoundAgain() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, b -> b.setup(Role.ACTIVE));
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.barrier();

    chat.dropConnection();
    bob.mailbox().take(Happening.Unbound.class, any -> true, Device.PATIENCE, "the drop");
    assertThat(chat.rebind()).isEqualTo(200);

    assertThat(chat.send("back again").await(Device.PATIENCE)).isEqualTo(200);
    assertThat(received(bob).text()).isEqualTo("back again");
  }

  @Test
  void aPagerSpeaksByMessage() {
    Device bob = bob(b -> b.pager().reports("delivered"));
    Device alice = aliceFacing(bob, plain());

    assertThat(alice.page("sip:bob@continuo.test", "page me").await(Device.PATIENCE))
        .isEqualTo(200);

    assertThat(received(bob).text()).isEqualTo("page me");
    assertThat(alice.invite("sip:bob@continuo.test").awaitAnswer()).isEqualTo(488);
  }

  @Test
  void optionsAreAnswered() {
    Device bob = bob(plain());
    Device alice = aliceFacing(bob, plain());

    assertThat(alice.options()).isEqualTo(200);
  }
}
