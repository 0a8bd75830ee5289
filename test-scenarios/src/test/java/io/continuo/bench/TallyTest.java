package io.continuo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What one device got of one writer: every kind of wrong shows in its own figure.
class TallyTest {
  private final Tally tally = new Tally();

  private void takes(long... numbers) {
    LongStream.of(numbers).forEach(tally::take);
  }

  private void shows(long written, long lost, long duplicated, long outOfOrder) {
    assertThat(tally.lost(written)).as("lost").isEqualTo(lost);
    assertThat(tally.duplicated()).as("duplicated").isEqualTo(duplicated);
    assertThat(tally.outOfOrder()).as("out of order").isEqualTo(outOfOrder);
  }

  @Test
  void everythingOnceInOrderIsFaultless() {
    takes(0, 1, 2, 3);

    shows(4, 0, 0, 0);
  }

  @Test
  void aCopyThatNeverComesIsLost() {
    takes(0, 2, 3);

    shows(4, 1, 0, 0);
  }

  @Test
  void theLastCopiesAreLostToo() {
    takes(0, 1);

    shows(4, 2, 0, 0);
  }

  @Test
  void aCopyThatComesTwiceIsDuplicated() {
    assertThat(tally.take(0)).isTrue();
    assertThat(tally.take(0)).isFalse();

    shows(1, 0, 1, 0);
  }

  @Test
  void twoCopiesThatChangePlacesAreOutOfOrderAndNotLost() {
    takes(0, 2, 1, 3);

    shows(4, 0, 0, 1);
  }

  @Test
  void aLateCopyThatComesTwiceIsBoth() {
    takes(1, 0, 0);

    shows(2, 0, 1, 1);
  }

  @Test
  void moreGapsThanAreRememberedAreStillLost() {
    takes(Tally.MAX_GAPS + 10L);

    shows(Tally.MAX_GAPS + 11L, Tally.MAX_GAPS + 10L, 0, 0);
  }
}
