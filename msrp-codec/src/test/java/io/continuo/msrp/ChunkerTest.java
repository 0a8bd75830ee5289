package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final MsrpUri PEER = MsrpUri.of("peer", 1, "p");
  private static final MsrpUri OWN = MsrpUri.of("own", 2, "o");

  private static List<MsrpRequest> cut(Chunker chunker, String text) {
    List<MsrpRequest> chunks = new ArrayList<>();
    chunker
        .chunks(List.of(PEER), OWN, "m", "text/plain", text.getBytes(StandardCharsets.UTF_8))
        .forEachRemaining(chunks::add);
    return chunks;
  }

  private static Chunker chunker(int size) {
    return new Chunker(size, new TransactionIds(new Random(1))::next);
  }

  @Test
  @Spec("RFC 4975 §7.1.1")
  void everyChunkSaysItsWholeByteRange() {
    List<MsrpRequest> chunks = cut(chunker(4), "0123456789");

    assertThat(chunks)
        .extracting(chunk -> chunk.header("Byte-Range").orElseThrow())
        .containsExactly("1-4/10", "5-8/10", "9-10/10");
    assertThat(chunks)
        .extracting(MsrpRequest::continuation)
        .containsExactly(Continuation.MORE, Continuation.MORE, Continuation.COMPLETE);
    assertThat(chunks).extracting(MsrpRequest::transactionId).doesNotHaveDuplicates();
  }

  @Test
  void aBodyOfNoBytesIsOneChunk() {
    assertThat(cut(chunker(4), ""))
        .singleElement()
        .satisfies(chunk -> assertThat(chunk.header("Byte-Range")).contains("1-0/0"));
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void aTransactionIdThatWouldEndTheBodyIsNotUsed() {
    Iterator<String> ids = List.of("taken", "free").iterator();

    assertThat(cut(new Chunker(100, ids::next), "a\r\n-------taken$\r\nb"))
        .singleElement()
        .satisfies(chunk -> assertThat(chunk.transactionId()).isEqualTo("free"));
  }

  @Test
  void givingUpNamesWhatIsMissing() {
    MsrpRequest last = cut(chunker(4), "0123456789").get(1);
    MsrpRequest end = chunker(4).giveUp(last);

    assertThat(end.header("Byte-Range")).contains("9-*/10");
    assertThat(end.continuation()).isEqualTo(Continuation.ABORTED);
    assertThat(end.header("Message-ID")).contains("m");
  }

  @Test
  @Spec("RFC 4975 §9")
  void transactionIdsAreIdentsThatDoNotRepeat() {
    var ids = TransactionIds.seeded();
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(ids.next());
    }
    assertThat(many).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z][a-z2-7]{14}"));
  }

  /// More is read of peers.
  @Test
  @Spec("RFC 4975 §9")
  void anIdThatIsNoIdentIsNotSent() {
    for (String id : List.of("abc", "x".repeat(33), "0b1f9f80-6ff9-4b44-9c8d-b1c0c6b93c05")) {
      var chunker = new Chunker(4, () -> id);
      assertThatThrownBy(() -> cut(chunker, "text")).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
