package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.sip.SipText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server behind an S-CSCF whose filter criteria bring the server's own requests back to it.
@Spec("wire: no loop over ISC")
class CoreLoopIT {
  private static final String SESSION = ";+g.oma.sip-im";
  private static final String PAGER = ";methods=\"MESSAGE\"";

  @TempDir Path directory;
  private CoreDouble core;
  private ServerProcess server;
  private Device alice;

  @BeforeEach
  void aServerBehindACore() throws IOException {
    core = new CoreDouble();
    server =
        ServerProcess.start(
            ServerSetup.in(directory)
                .subscriber("alice")
                .subscriber("bob")
                .with("sip.trusted-peers", "['127.0.0.2']")
                .with("sip.outbound-proxy", "'" + core.route() + "'"));
    core.serves(server.addresses().sip());
    alice =
        new Device(
            DeviceConfig.of("alice.phone", "sip:alice@continuo.test", server.addresses().sip())
                .credentials("alice", ServerSetup.passwordOf("alice"))
                .build(),
            new Ladder("server"));
    assertThat(alice.register()).isEqualTo(200);
  }

  @AfterEach
  void everythingIsClosed() {
    alice.close();
    core.close();
    server.close();
  }

  @Test
  @Spec("TS 24.229 §5.7.1")
  @Spec("RFC 3841 §7.2")
  void everyDeviceBehindTheCoreReceivesExactlyOneInvite() {
    List<String> instances = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      instances.add("urn:uuid:b0b00000-0000-4000-8000-00000000000" + i);
      core.tellsOf("bob", instances.getLast(), SESSION);
    }
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.awaitEstablished();
    assertThat(List.of(invited(), invited(), invited()))
        .containsExactlyInAnyOrderElementsOf(instances);

    String late = "urn:uuid:b0b00000-0000-4000-8000-000000000009";
    core.tellsOf("bob", late, SESSION);
    assertThat(invited()).as("a device that comes later").isEqualTo(late);
    chat.barrier();
    nothingElseReachedADevice();
  }

  @Test
  void aPagerMessageReachesItsDeviceOnceAndIsNotTakenForANewOne() {
    core.tellsOf("bob", "urn:uuid:b0b00000-0000-4000-8000-000000000001", PAGER);
    Chat chat = alice.invite("sip:bob@continuo.test");
    chat.awaitEstablished();
    assertThat(chat.send("hello core").await(Device.PATIENCE)).isEqualTo(200);

    String message = core.delivers();
    assertThat(message).startsWith("MESSAGE sip:bob@continuo.test ").contains("hello core");
    chat.barrier();
    nothingElseReachedADevice();
  }

  @Test
  void aForgedTokenIsTreatedAsForeign() {
    core.tellsOf("bob", "urn:uuid:b0b00000-0000-4000-8000-000000000001", PAGER);
    String forged = "<sip:alice@continuo.test>;tag=" + "A".repeat(38);
    core.brings("MESSAGE", forged, "bob", "Content-Type: text/plain\r\n", "forged", "200");

    // Answered and logged by the server, which then sends it as a message of its own.
    String message = core.delivers();
    assertThat(message).startsWith("MESSAGE ").contains("forged", "Content-Type: message/cpim");
    assertThat(UdpSip.header(message, "From")).doesNotContain("AAAA");
    nothingElseReachedADevice();
  }

  @Test
  @Spec("RFC 3323 §5")
  @Spec("RFC 3325 §7")
  void whoAsksForPrivacyIsNamedToItsOwnDevicesOnly() {
    String tablet = "urn:uuid:a11ce000-0000-4000-8000-000000000002";
    String bobs = "urn:uuid:b0b00000-0000-4000-8000-000000000001";
    core.tellsOf("alice", tablet, SESSION);
    core.tellsOf("bob", bobs, SESSION);
    String from = "<sip:alice@continuo.test>;tag=" + SipText.random(4);
    core.brings("INVITE", from, "bob", CoreDouble.PRIVATE_CALL, CoreDouble.sdp(), "200");

    Map<String, String> shown = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      String invite = core.delivers();
      shown.put(instance(invite), UdpSip.header(invite, "From").replaceFirst(";tag=.*", ""));
    }
    assertThat(shown)
        .containsEntry(bobs, "<sip:anonymous@anonymous.invalid>")
        .containsEntry(tablet, "<sip:alice@continuo.test>");
  }

  /// The instance that the next INVITE reaches.
  private String invited() {
    String invite = core.delivers();
    assertThat(invite).startsWith("INVITE sip:bob@continuo.test ");
    return instance(invite);
  }

  private static String instance(String invite) {
    String picked =
        invite
            .lines()
            .filter(line -> line.startsWith("Accept-Contact: ") && line.contains("+sip.instance"))
            .findFirst()
            .orElseThrow();
    return picked.replaceFirst(".*\"<([^>]+)>\".*", "$1");
  }

  /// After a round over the core's own socket.
  private void nothingElseReachedADevice() {
    String from = "<sip:alice@continuo.test>;tag=" + SipText.random(4);
    core.brings("OPTIONS", from, "bob", "", "", "200");
    assertThat(core.alsoDelivered()).isEmpty();
  }
}
