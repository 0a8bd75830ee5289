package io.continuo.server.b2bua;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalRankingTest {

  private static OptionalInt best(int... statuses) {
    RefusalRanking ranking = new RefusalRanking();
    Arrays.stream(statuses).forEach(ranking::add);
    return ranking.best();
  }

  @ParameterizedTest
  @CsvSource({"486,603,603", "488,486,486", "603,600,600", "403,486,403"})
  @Spec("RFC 3261 §16.7")
  void theBestIsA6xxElseTheLowest(int one, int other, int best) {
    assertThat(best(one, other)).hasValue(best);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 302, 401, 407, 420, 421, 422, 485, 494, 505, 699})
  @Spec("RFC 3261 §16.7")
  void whatSpeaksOfOurRequestIsNotToldTheInviter(int status) {
    assertThat(best(status)).hasValue(480);
    assertThat(best(status, 486)).hasValue(486);
    assertThat(best(603, status)).hasValue(603);
  }

  @ParameterizedTest
  @ValueSource(ints = {405, 415, 488, 501})
  @Spec("RFC 3261 §21.4.26")
  void whoTakesNoSessionsIsToldAs488(int status) {
    assertThat(best(status)).hasValue(488);
    assertThat(best(status, 401)).hasValue(488);
    assertThat(best(status, 486)).hasValue(486);
    assertThat(best(status, 603)).hasValue(603);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 408, 410, 480, 487, 500, 503})
  void whoIsNotThereHasNotRefused(int status) {
    assertThat(best(status)).isEmpty();
  }

  @Test
  void clearedItBeginsAgain() {
    RefusalRanking ranking = new RefusalRanking();
    ranking.add(486);
    ranking.add(420);
    ranking.clear();
    assertThat(ranking.best()).isEmpty();
  }
}
