package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportStatusTest {
  @Test
  @Spec("RFC 4975 §7.3.2")
  void theCommentMayBeMissing() {
    assertThat(ReportStatus.parse("000 200")).contains(new ReportStatus(0, 200, ""));
    assertThat(ReportStatus.parse("000 200 OK then")).contains(new ReportStatus(0, 200, "OK then"));
    assertThat(ReportStatus.parse(" 000  408 ")).contains(new ReportStatus(0, 408, ""));
  }

  @Test
  void onlyA2xxOfRfc4975IsSuccess() {
    assertThat(new ReportStatus(0, 200, "").isSuccess()).isTrue();
    assertThat(new ReportStatus(0, 408, "").isSuccess()).isFalse();
    assertThat(new ReportStatus(1, 200, "").isSuccess()).isFalse();
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void itIsWrittenWithThreeDigitsEach() {
    assertThat(ReportStatus.of(MsrpStatus.OK)).hasToString("000 200 OK");
    assertThat(new ReportStatus(0, 408, "")).hasToString("000 408");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "200", "200 OK", "0 200", "000 20", "abc 200 OK", "000-200"})
  void anythingElseIsNone(String value) {
    assertThat(ReportStatus.parse(value)).isEmpty();
  }
}
