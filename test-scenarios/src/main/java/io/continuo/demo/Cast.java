package io.continuo.demo;

import io.continuo.device.Chat;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.Happening;
import io.continuo.device.ladder.Ladder;
import java.net.InetSocketAddress;
import java.util.List;

/// The five devices of three subscribers that play the figures.
///
/// @param a1 alice's phone, `a2` her tablet; `b1` and `b2` bob's; `c1` carol's phone
record Cast(Device a1, Device a2, Device b1, Device b2, Device c1) implements AutoCloseable {
  /// The lanes, the server in the middle.
  static final List<String> LANES =
      List.of("alice.phone", "alice.tablet", "continuo", "bob.phone", "bob.tablet", "carol.phone");

  /// All are off; B1 and C1 are configured to send delivery reports, as in figure 4.
  static Cast of(InetSocketAddress sip, Ladder ladder) {
    return new Cast(
        device("alice", "phone", sip, ladder),
        device("alice", "tablet", sip, ladder),
        device("bob", "phone", sip, ladder, "delivered"),
        device("bob", "tablet", sip, ladder),
        device("carol", "phone", sip, ladder, "delivered"));
  }

  private static Device device(
      String subscriber, String name, InetSocketAddress sip, Ladder ladder, String... reports) {
    return new Device(
        DeviceConfig.of(subscriber + "." + name, DemoFiles.address(subscriber), sip)
            .credentials(subscriber, DemoFiles.password(subscriber))
            .reports(reports)
            .build(),
        ladder);
  }

  List<Device> all() {
    return List.of(a1, a2, b1, b2, c1);
  }

  /// Passes a barrier through every session and registration: whatever was on its way has arrived.
  void settle() {
    List<Device> alive = all().stream().filter(Device::isAlive).toList();
    alive.stream()
        .flatMap(device -> device.openChats().stream())
        .filter(chat -> chat.msrp().isBound())
        .forEach(Chat::barrier);
    // Only who is registered: an OPTIONS makes a device known, too.
    alive.stream().filter(Device::isRegistered).forEach(Device::options);
  }

  /// Waits for an INVITE with the mark of multi-client sessions, and for the chat to be open.
  static Chat joins(Device device) {
    Happening.Invited invited =
        device.mailbox().take(Happening.Invited.class, any -> true, Device.PATIENCE, "an INVITE");
    boolean marked =
        invited.chat().invitation().orElseThrow().headers().lists("Supported", "multi-client");
    Expectations.NotSeen.unless(marked, "its INVITE has no multi-client");
    invited.chat().awaitEstablished();
    invited.chat().awaitAck();
    return invited.chat();
  }

  /// Waits for the next message from somebody else.
  static void receives(Device device, String text) {
    Happening.Received received =
        device
            .mailbox()
            .take(Happening.Received.class, any -> true, Device.PATIENCE, "\"" + text + "\"");
    same(text, received.message().text());
  }

  /// Waits for the next message of the device's own subscriber.
  static void files(Device device, String text) {
    Happening.OwnCopy copy =
        device
            .mailbox()
            .take(Happening.OwnCopy.class, any -> true, Device.PATIENCE, "its copy of " + text);
    same(text, copy.message().text());
  }

  private static void same(String expected, String seen) {
    Expectations.NotSeen.unless(expected.equals(seen), "it got \"" + seen + "\"");
  }

  /// Waits for a delivery receipt.
  static void isTold(Device device, String messageId, String reporter) {
    Happening.Receipt receipt =
        new Happening.Receipt(messageId, "delivered", DemoFiles.address(reporter));
    device
        .mailbox()
        .take(
            Happening.Receipt.class,
            receipt::equals,
            Device.PATIENCE,
            "delivered from " + reporter);
  }

  static void isEnded(Device device) {
    device.mailbox().take(Happening.Ended.class, any -> true, Device.PATIENCE, "a BYE");
  }

  @Override
  public void close() {
    all().forEach(Device::close);
  }
}
