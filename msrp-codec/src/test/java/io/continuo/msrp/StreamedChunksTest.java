package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamedChunksTest {
  private static final MsrpUri PEER = MsrpUri.of("peer", 1, "p");

  private static Iterator<MsrpRequest> chunks(String text, OptionalLong total) {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return new Chunker(4, new TransactionIds(new Random(1))::next)
        .chunks(List.of(PEER), PEER, "m", "text/plain", in, total);
  }

  private static List<String> ranges(String text, OptionalLong total) {
    List<String> ranges = new ArrayList<>();
    chunks(text, total)
        .forEachRemaining(chunk ->
            ranges.add(
                chunk.header(MsrpHeader.BYTE_RANGE).orElse("") + chunk.continuation().flag()));
    return ranges;
  }

  @Test
  @Spec("RFC 4975 §7.1.1")
  void aStreamOfUnknownLengthSaysStarAndMarksItsLastChunk() {
    OptionalLong unknown = OptionalLong.empty();

    assertThat(ranges("0123456789", unknown)).containsExactly("1-4/*+", "5-8/*+", "9-10/*$");
    assertThat(ranges("01234567", unknown)).containsExactly("1-4/*+", "5-8/*$");
    assertThat(ranges("", unknown)).containsExactly("1-0/*$");
  }

  @Test
  @Spec("RFC 4975 §7.1.1")
  void aStreamOfKnownLengthSaysItInEachChunk() {
    assertThat(ranges("0123456789", OptionalLong.of(10)))
        .containsExactly("1-4/10+", "5-8/10+", "9-10/10$");
    assertThat(ranges("", OptionalLong.of(0))).containsExactly("1-0/0$");
  }

  @Test
  void aStreamOfAnotherLengthThanAnnouncedFails() {
    for (long announced : List.of(3L, 4L, 8L, 9L, 11L, 12L)) {
      assertThatThrownBy(() -> ranges("0123456789", OptionalLong.of(announced)))
          .as("announced %s", announced)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("announced");
    }
  }
}
