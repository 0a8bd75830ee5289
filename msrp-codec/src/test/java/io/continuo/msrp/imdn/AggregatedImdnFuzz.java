package io.continuo.msrp.imdn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first line is the Content-Type, the rest the body. Whatever comes, they are notifications
/// that are written to a multipart read as the same, or the one exception that is declared; and
/// there are no more of them than were let in.
class AggregatedImdnFuzz {
  private static final String BOUNDARY = "continuo-fuzz-7d1f";

  @FuzzTest
  void anything(byte[] data) throws MalformedImdnException {
    int line = 0;
    while (line < data.length && data[line] != '\n') {
      line++;
    }
    String contentType = new String(data, 0, line, StandardCharsets.ISO_8859_1);
    byte[] body = Arrays.copyOfRange(data, Math.min(data.length, line + 1), data.length);

    AggregatedImdn some;
    try {
      some = AggregatedImdn.parse(contentType, body);
    } catch (MalformedImdnException malformed) {
      return;
    }

    assertThat(some.notifications())
        .hasSizeBetween(1, AggregatedImdn.MAX_NOTIFICATIONS)
        .hasSizeLessThan(body.length);
    if (some.notifications().stream().noneMatch(AggregatedImdnFuzz::namesTheBoundary)) {
      byte[] written = some.toBytes(BOUNDARY);
      assertThat(AggregatedImdn.parse(AggregatedImdn.contentType(BOUNDARY), written))
          .isEqualTo(some);
    }
  }

  private static boolean namesTheBoundary(Imdn one) {
    return new String(one.toXml(), StandardCharsets.UTF_8).contains("--" + BOUNDARY);
  }
}
