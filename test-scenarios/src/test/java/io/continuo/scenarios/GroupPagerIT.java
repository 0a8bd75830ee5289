package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.Happening;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// A device without MSRP in a group: it is told who wrote, and how to answer everybody.
class GroupPagerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern MESSAGE = Pattern.compile("(?s)MESSAGE sip:bob@.*?\r\n\r\n");

  @TempDir private Path directory;
  private final Ladder ladder = new Ladder("continuo");
  private final List<Device> devices = new ArrayList<>();
  private ServerProcess server;
  private Device alice;
  private Device bob;
  private Device carol;
  private Chat group;

  @BeforeEach
  void aGroupWithAPager() throws IOException {
    ServerSetup setup = ServerSetup.in(directory);
    for (String name : List.of("alice", "bob", "carol", "dave")) {
      setup = setup.subscriber(name);
    }
    server = ServerProcess.start(setup);
    alice = registered(device("alice"));
    bob = registered(device("bob").pager());
    carol = registered(device("carol"));
    group = alice.inviteGroup(List.of(address("bob"), address("carol")));
    group.awaitEstablished();
  }

  @AfterEach
  void stop() {
    devices.forEach(Device::close);
    server.close();
  }

  private static String address(String name) {
    return "sip:" + name + "@" + ServerSetup.DOMAIN;
  }

  private DeviceConfig.Builder device(String name) {
    return DeviceConfig.of(name, address(name), server.addresses().sip()).patience(PATIENCE);
  }

  private Device registered(DeviceConfig.Builder config) {
    Device device = new Device(config.build(), ladder);
    devices.add(device);
    assertThat(device.register()).isEqualTo(200);
    return device;
  }

  private static ChatMessage takes(Device device, String text) {
    return device
        .mailbox()
        .take(Happening.Received.class, r -> r.message().text().equals(text), PATIENCE, text)
        .message();
  }

  /// The SIP head of the last page that Bob got.
  private String lastPage() {
    Matcher pages = MESSAGE.matcher(bob.wiretap().text(Direction.RECEIVED));
    String last = "";
    while (pages.find()) {
      last = pages.group();
    }
    return last;
  }

  private static String header(String head, String name) {
    Matcher value = Pattern.compile("(?m)^" + name + ": <([^>]*)>").matcher(head);
    assertThat(value.find()).as(name + " in " + head).isTrue();
    return value.group(1);
  }

  @Test
  @Spec("RFC 3261 §20.31")
  void aPageNamesItsAuthorAndTheGroupAndIsAnsweredThere(TestReporter reporter) {
    assertThat(group.send("from alice").await(PATIENCE)).isEqualTo(200);
    takes(bob, "from alice");
    takes(carol, "from alice");
    assertThat(header(lastPage(), "From")).isEqualTo(address("alice"));
    String focus = header(lastPage(), "Reply-To");

    assertThat(bob.page(focus, "from the pager").await(PATIENCE)).isEqualTo(200);

    assertThat(takes(alice, "from the pager").from()).contains("bob");
    assertThat(takes(carol, "from the pager").from()).contains("bob");

    assertThat(carol.openChats().getFirst().send("from carol").await(PATIENCE)).isEqualTo(200);
    takes(bob, "from carol");
    takes(alice, "from carol");
    assertThat(header(lastPage(), "From")).isEqualTo(address("carol"));
    assertThat(header(lastPage(), "Reply-To")).isEqualTo(focus);
    reporter.publishEntry("observed", "From is the author, Reply-To the focus, 200 to MESSAGE");
  }

  @Test
  @Spec("RFC 3428 §7")
  void toAStrangerTheGroupDoesNotExist(TestReporter reporter) {
    assertThat(group.send("from alice").await(PATIENCE)).isEqualTo(200);
    takes(bob, "from alice");
    String focus = header(lastPage(), "Reply-To");
    String none = focus.replaceFirst("g-........", "g-00000000");
    Device dave = registered(device("dave"));

    assertThat(dave.page(focus, "let me in").await(PATIENCE)).isEqualTo(404);
    assertThat(dave.page(none, "let me in").await(PATIENCE)).isEqualTo(404);
    assertThat(bob.page(none, "anybody?").await(PATIENCE)).isEqualTo(404);

    group.barrier();
    assertThat(alice.mailbox().received()).isEmpty();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(server.output())
                .filteredOn(line -> line.contains("status=404 reason=\"unknown group\""))
                .hasSize(3));
    reporter.publishEntry("observed", "3 × 404 to MESSAGE");
  }
}
