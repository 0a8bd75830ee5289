package io.continuo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.bench.ChatText.Said;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A copy is what was written, to the byte, or the load generator says so.
class ChatTextTest {
  private static final Said SAID = new Said(7, 42, 1_234_567_890L);

  private final ChatText text = new ChatText();

  private byte[] written(int size) {
    return text.write("sip:alice@continuo.test", "sip:bob@continuo.test", SAID, size);
  }

  @ParameterizedTest
  @ValueSource(ints = {ChatText.MIN_SIZE, 600, 5_000})
  void whatWasWrittenIsReadAndHasItsSize(int size) {
    byte[] copy = written(size);

    assertThat(copy).hasSize(size);
    assertThat(text.read(copy, 0, size)).isEqualTo(SAID);
  }

  @Test
  void itIsReadInsideALargerBuffer() {
    byte[] buffer = new byte[700];
    System.arraycopy(written(600), 0, buffer, 50, 600);

    assertThat(text.read(buffer, 50, 650)).isEqualTo(SAID);
  }

  @Test
  void aChangedByteAnywhereIsSeen() {
    byte[] copy = written(600);
    for (int at = 0; at < copy.length; at++) {
      byte[] changed = copy.clone();
      changed[at] ^= 1;

      assertThatThrownBy(() -> text.read(changed, 0, changed.length))
          .as("byte " + at)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aByteLessOrMoreIsSeen() {
    byte[] copy = written(600);
    byte[] shorter = Arrays.copyOf(copy, 599);
    byte[] longer = Arrays.copyOf(copy, 601);

    assertThatThrownBy(() -> text.read(shorter, 0, 599)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> text.read(longer, 0, 601)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void somethingElseIsNoCopy() {
    byte[] other =
        "From: <sip:a@b>\r\n\r\nContent-Type: x\r\n\r\nhi".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> text.read(other, 0, other.length))
        .isInstanceOf(IllegalStateException.class);
  }
}
