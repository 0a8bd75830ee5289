package io.continuo.scenarios.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.Happening;
import io.continuo.device.ladder.Ladder;
import io.continuo.scenarios.ServerSetup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Two devices that were in a chat before anything bad happened, and go on with it all the time.
final class Witness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final InetSocketAddress server;
  private final Ladder ladder = new Ladder("continuo");
  private final List<Device> devices = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Device alice;
  private final Device bob;
  private final Chat chat;

  Witness(InetSocketAddress server) {
    this.server = server;
    this.alice = registered("alice");
    this.bob = registered("bob");
    this.chat = alice.invite(address("bob"));
    chat.awaitEstablished();
    bob.awaitInvitation().awaitEstablished();
    goesOn();
  }

  /// A device that has registered; closed with the witness.
  Device registered(String name) {
    Device device =
        new Device(DeviceConfig.of(name, address(name), server).patience(PATIENCE).build(), ladder);
    devices.add(device);
    assertThat(device.register()).isEqualTo(200);
    return device;
  }

  static String address(String name) {
    return "sip:" + name + "@" + ServerSetup.DOMAIN;
  }

  /// Alice's side of the chat.
  Chat chat() {
    return chat;
  }

  Device bob() {
    return bob;
  }

  /// A message is accepted and arrives.
  void goesOn() {
    String text = "message " + said.size();
    said.add(text);
    assertThat(chat.send(text).await(PATIENCE)).isEqualTo(200);
    bob.mailbox()
        .take(Happening.Received.class, r -> r.message().text().equals(text), PATIENCE, text);
  }

  /// Everything that was accepted has arrived, in order, once.
  void lostNothing() {
    goesOn();
    List<ChatMessage> received = bob.mailbox().received();
    List<ChatMessage> fromAlice =
        received.stream().filter(m -> m.from().contains("alice")).toList();
    assertThat(fromAlice).extracting(ChatMessage::text).containsExactlyElementsOf(said);
    assertThat(fromAlice).allMatch(m -> bob.mailbox().arrivals(m.id()) == 1);
    assertThat(devices).allMatch(device -> device.options() == 200);
  }

  @Override
  public void close() {
    devices.forEach(Device::close);
  }
}
