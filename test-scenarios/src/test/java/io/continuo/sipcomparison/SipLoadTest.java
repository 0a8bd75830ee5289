package io.continuo.sipcomparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.sipcomparison.Tally.Event;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The comparison counts what it compares.
class SipLoadTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration IMPATIENT = Duration.ofMillis(500);

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void ourUserAgentDoesAllOfEveryCall(String transport) throws IOException {
    try (OurUserAgent agent = new OurUserAgent(UnaryOperator.identity())) {
      doesAllOfEveryCall(agent.address(), transport);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void theBareUserAgentDoesAllOfEveryCall(String transport) throws Exception {
    try (BareUserAgent agent = new BareUserAgent(transport)) {
      doesAllOfEveryCall(agent.address(), transport);
    }
  }

  private static void doesAllOfEveryCall(InetSocketAddress server, String transport)
      throws IOException {
    try (SipLoad load = new SipLoad(server, transport, 2, LIMIT)) {
      load.registerAll();

      Tally calls = load.call(5);

      assertThat(calls.of(Event.ANSWERED)).isEqualTo(5);
      assertThat(calls.of(Event.DEVICE_ACKNOWLEDGED)).isEqualTo(20);
      assertThat(calls.of(Event.DEVICE_BYE)).isEqualTo(20);
      assertThat(load.register(7).of(Event.REGISTERED)).isEqualTo(7);
    }
  }

  @Test
  void aForkThatLeavesOneDeviceOutIsSeen() throws IOException {
    UnaryOperator<Set<String>> allButOne =
        targets -> targets.stream().skip(1).collect(Collectors.toSet());
    try (OurUserAgent agent = new OurUserAgent(allButOne);
        SipLoad load = new SipLoad(agent.address(), "UDP", 1, IMPATIENT)) {
      load.registerAll();

      assertThatThrownBy(() -> load.call(1))
          .hasMessageContaining("not finished")
          .hasMessageContaining("DEVICE_INVITED=3");
    }
  }

  @Test
  void aCallThatEndsWithoutItsAcknowledgementsIsSeen() {
    Tally tally = new Tally();
    for (Event event : Event.values()) {
      for (int i = 0; i < (event.name().startsWith("DEVICE") ? 4 : 1); i++) {
        if (event != Event.DEVICE_ACKNOWLEDGED || i < 3) {
          tally.count(event);
        }
      }
    }

    assertThatThrownBy(() -> tally.requireCalls(1, 4))
        .hasMessageContaining("DEVICE_ACKNOWLEDGED: 3 instead of 4");
  }
}
