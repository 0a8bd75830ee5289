package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ladder.Wiretap.Direction;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ScenarioDevice;
import io.continuo.scenarios.language.ServerUnderTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The names that clients give a chat: rcsjta keys its group chats on them, and parses them as
/// UUIDs.
@ExtendWith(Scenario.class)
class ChatIdsIT {
  private static final String CONVERSATION = "Conversation-ID";
  private static final String CONTRIBUTION = "Contribution-ID";
  private static final String RFC_4122 =
      "[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  private ServerUnderTest server;
  private Person alice;
  private Person bob;

  @Test
  @Spec("OMA CPM 2.2 §7.2")
  void theIdsOfTheInviterReachEveryDevice() {
    theyChatOnThreeDevices();

    for (String id : List.of(CONVERSATION, CONTRIBUTION)) {
      String given = lastSent(alice.phone, id);
      assertThat(
              List.of(
                  lastHeard(alice.phone, id), invited(bob.phone, id), invited(alice.tablet, id)))
          .as(id)
          .containsOnly(given);
    }
  }

  @Test
  @Spec("OMA CPM 2.2 §7.2")
  void anInviterThatNamesNoChatIsToldItsIds() {
    alice.phone.namesNoChat();
    theyChatOnThreeDevices();

    for (String id : List.of(CONVERSATION, CONTRIBUTION)) {
      String made = lastHeard(alice.phone, id);
      assertThat(made).as(id).matches(RFC_4122);
      assertThat(List.of(invited(bob.phone, id), invited(alice.tablet, id))).containsOnly(made);
    }
  }

  @Test
  @Configured("session.retention=keep")
  @Spec("OMA CPM 2.2 §7.2")
  void aConversationKeepsItsIdOverARestart() {
    alice.phone.namesNoChat();
    theyChatOnThreeDevices();
    String conversation = lastHeard(alice.phone, CONVERSATION);
    String contribution = lastHeard(alice.phone, CONTRIBUTION);

    server.kill();
    server.restart();
    theyChatOnThreeDevices();

    assertThat(invited(bob.phone, CONVERSATION)).isEqualTo(conversation);
    assertThat(lastHeard(alice.phone, CONVERSATION)).isEqualTo(conversation);
    assertThat(invited(bob.phone, CONTRIBUTION)).as("a new session").isNotEqualTo(contribution);
  }

  private void theyChatOnThreeDevices() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    alice.tablet.isInvited();
    bob.phone.accepts();
    alice.phone.isInTheChat();
  }

  private static String invited(ScenarioDevice device, String header) {
    return device.chat().invitation().orElseThrow().headers().required(header);
  }

  private static String lastSent(ScenarioDevice device, String header) {
    return last(device, Direction.SENT, header);
  }

  /// In the 200 to its own INVITE.
  private static String lastHeard(ScenarioDevice device, String header) {
    return last(device, Direction.RECEIVED, header);
  }

  private static String last(ScenarioDevice device, Direction direction, String header) {
    return device
        .device()
        .wiretap()
        .text(direction)
        .lines()
        .filter(line -> line.startsWith(header + ": "))
        .map(line -> line.substring(header.length() + 2))
        .reduce((_, later) -> later)
        .orElseThrow(() -> new AssertionError("no " + header));
  }
}
