package io.continuo.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
  @Test
  void durationsHaveAUnit() {
    assertThat(Units.duration("500ms")).contains(Duration.ofMillis(500));
    assertThat(Units.duration("30 d")).contains(Duration.ofDays(30));
    assertThat(Units.duration("0")).contains(Duration.ZERO);
    assertThat(Units.duration("5")).isEmpty();
    assertThat(Units.duration("1w")).isEmpty();
    assertThat(Units.duration("999999999999999d")).isEmpty();
  }

  @Test
  void sizesAreBinary() {
    assertThat(Units.size("2048")).contains(2048L);
    assertThat(Units.size("64KiB")).contains(65_536L);
    assertThat(Units.size("65_000")).contains(65_000L);
    assertThat(Units.size("1kb")).isEmpty();
    assertThat(Units.size("999999999999GiB")).isEmpty();
  }

  @Test
  void bothAreWrittenInTheLargestWholeUnit() {
    assertThat(Units.text(Duration.ofSeconds(90))).isEqualTo("90s");
    assertThat(Units.text(Duration.ofHours(48))).isEqualTo("2d");
    assertThat(Units.text(Duration.ZERO)).isEqualTo("0s");
    assertThat(Units.text(1L << 20)).isEqualTo("1MiB");
    assertThat(Units.text(65_000)).isEqualTo("65000");
  }
}
