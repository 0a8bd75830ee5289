package io.continuo.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.ladder.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What `continuo device` writes.
class ScreenTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Screen screen(boolean colours) {
    return new Screen(
        new PrintStream(out, true, StandardCharsets.UTF_8), new Terminal(false, colours, true, 80));
  }

  private String seen() {
    return out.toString(StandardCharsets.UTF_8).replaceAll("\\d\\d:\\d\\d(:\\d\\d)?", "");
  }

  private static ChatMessage fromBob(String text) {
    return new ChatMessage(
        "id-1",
        "sip:bob@continuo.test",
        "sip:alice@continuo.test",
        "text/plain",
        text,
        new byte[0],
        "",
        false,
        Instant.EPOCH);
  }

  @Test
  void aMessageIsShownWithTheIdThatTraceTakes() {
    screen(false).received(fromBob("hi"));
    screen(false).sent("hello", "id-2", false);
    screen(false).sent("again", "id-3", true);

    assertThat(seen().lines())
        .containsExactly(" bob: hi  id-1", " me: hello  id-2", " me, elsewhere: again  id-3");
  }

  @Test
  void theIdIsDim() {
    screen(true).sent("hello", "id-2", false);

    assertThat(seen().strip()).isEqualTo("\u001b[36mme: hello\u001b[0m  \u001b[2mid-2\u001b[0m");
  }

  @Test
  void whatOthersSendGivesTheTerminalNoOrders() {
    screen(true).received(fromBob("\u001b[2J\u009b31mone\r\ntwo 👩‍👧"));

    assertThat(seen().strip())
        .isEqualTo("\u001b[1mbob:  [2J 31mone two 👩‍👧\u001b[0m  \u001b[2mid-1\u001b[0m");
  }
}
