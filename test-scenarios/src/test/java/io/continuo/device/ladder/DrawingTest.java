package io.continuo.device.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ladder in the terminal.
class DrawingTest {
  private static final List<String> LANES =
      List.of("alice.phone", "alice.tablet", "continuo", "bob.phone", "bob.tablet", "carol.phone");

  private static Drawing plain(int width) {
    return new Drawing(LANES, width, false, true);
  }

  private static LadderEvent event(String from, String to, String label) {
    return new LadderEvent(Instant.EPOCH, from, to, label, LadderEvent.Kind.SIP);
  }

  @Test
  void aRequestIsSolidAndItsAnswerDashed() {
    Drawing drawing = new Drawing(List.of("alice.phone", "continuo"), 60, false, true);

    assertThat(drawing.line(event("alice.phone", "continuo", "BYE")))
        .isEqualTo("       ├────────────▶│        BYE\n");
    assertThat(drawing.line(event("continuo", "alice.phone", "200 BYE")))
        .isEqualTo("       │◀╌╌╌╌╌╌╌╌╌╌╌╌┤        200 BYE\n");
  }

  @Test
  void anArrowCrossesTheLanesBetween() {
    assertThat(plain(80).line(event("continuo", "carol.phone", "ACK")))
        .contains("├───────┼───────┼──────▶│");
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 100, 120})
  void noLineIsWiderThanTheTerminal(int width) {
    String label = "INVITE somebody with quite a long name (multi-client)";

    assertThat(plain(width).line(event("alice.phone", "continuo", label)).stripTrailing())
        .hasSizeLessThanOrEqualTo(width)
        .contains("INVITE somebody");
    assertThat(plain(width).header().lines()).allMatch(line -> line.length() <= width);
    assertThat(plain(width).header()).contains("continuo", "tablet");
    assertThat(plain(width).wrapped("many words ".repeat(40)).lines())
        .allMatch(line -> line.length() <= width);
  }

  @Test
  void aNarrowTerminalGetsSentences() {
    assertThat(plain(60).header()).isEmpty();
    assertThat(plain(60).line(event("alice.phone", "continuo", "BYE")))
        .isEqualTo("alice.phone → continuo  BYE\n");
  }

  @Test
  void withoutUnicodeItIsAscii() {
    Drawing ascii = new Drawing(LANES, 80, false, false);

    assertThat(ascii.line(event("alice.phone", "continuo", "200 BYE")))
        .isEqualTo("    +.......+......>|       |       |       |     200 BYE\n");
  }
}
