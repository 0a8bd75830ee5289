package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.Reassembly.Result.Complete;
import io.continuo.msrp.Reassembly.Result.GivenUp;
import io.continuo.msrp.Reassembly.Result.Refused;
import io.continuo.msrp.Reassembly.Result.Taken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReassemblyTest {
  private final Reassembly reassembly = new Reassembly(1000, 2500);
  private long now = Long.MAX_VALUE - 10; // The clock may wrap.

  private Reassembly.Result add(String id, String range, String text, char flag) {
    return reassembly.add(
        id,
        "text/plain",
        ByteRange.parse(range).orElseThrow(),
        text.getBytes(StandardCharsets.UTF_8),
        Continuation.of(flag).orElseThrow(),
        now);
  }

  private static String body(Reassembly.Result result) {
    return new String(((Complete) result).body(), StandardCharsets.UTF_8);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void chunksOfSeveralMessagesAreJoined() {
    assertThat(add("1", "1-*/6", "abc", '+')).isEqualTo(new Taken());
    assertThat(add("2", "1-*/*", "xyz", '+')).isEqualTo(new Taken());
    assertThat(body(add("1", "4-6/6", "def", '$'))).isEqualTo("abcdef");
    assertThat(body(add("2", "4-4/4", "", '$'))).isEqualTo("xyz");
    assertThat(body(add("3", "1-*/*", "", '$'))).isEmpty();
    assertThat(reassembly.held()).isZero();
  }

  @Test
  @Spec("RFC 4975 §7.3.1")
  void anyOrderAndOverlapGivesTheSameMessage() {
    byte[] text = "👩‍👩‍👧 שלום ".repeat(20).getBytes(StandardCharsets.UTF_8);
    for (long seed = 1; seed <= 200; seed++) {
      var random = new Random(seed);
      List<int[]> pieces = new ArrayList<>();
      for (int at = 0; at < text.length; at = pieces.getLast()[1]) {
        int from = Math.max(0, at - random.nextInt(5));
        pieces.add(new int[] {from, Math.min(text.length, at + 1 + random.nextInt(60))});
      }
      Collections.shuffle(pieces, random);
      Reassembly.Result last = new Taken();
      for (int[] piece : pieces) {
        assertThat(last).as("seed %s", seed).isEqualTo(new Taken());
        var range = ByteRange.of(piece[0] + 1, piece[1], text.length);
        boolean end = piece[1] == text.length;
        last =
            reassembly.add(
                "m",
                "a/b",
                range,
                Arrays.copyOfRange(text, piece[0], piece[1]),
                end ? Continuation.COMPLETE : Continuation.MORE,
                now);
        if (last instanceof Complete) {
          break;
        }
      }
      assertThat(((Complete) last).body()).as("seed %s", seed).isEqualTo(text);
      reassembly.add("m", "a/b", ByteRange.UNSAID, new byte[0], Continuation.ABORTED, now);
      assertThat(reassembly.held()).isZero();
    }
  }

  @Test
  void aMessageThatIsGivenUpIsForgotten() {
    add("1", "1-*/*", "abc", '+');
    assertThat(add("1", "4-*/*", "", '#')).isEqualTo(new GivenUp());
    assertThat(reassembly.held()).isZero();
    assertThat(add("1", "4-6/6", "def", '$')).as("only a part").isEqualTo(new Taken());
  }

  @Test
  void whatIsOverALimitIsRefusedAndForgotten() {
    assertThat(add("1", "1-*/1001", "a", '+')).isInstanceOf(Refused.class);
    assertThat(add("1", "1000-*/*", "ab", '+')).isInstanceOf(Refused.class);
    add("1", "1000-*/*", "a", '+');
    add("2", "1000-*/*", "a", '+');
    assertThat(add("3", "1000-*/*", "a", '+'))
        .isEqualTo(new Refused(MsrpStatus.STOP_SENDING, "too many bytes of unfinished messages"));
    assertThat(reassembly.held()).isEqualTo(2000);
  }

  @Test
  void tooManyMessagesOrPiecesAreRefused() {
    for (int i = 0; i < Reassembly.MAX_MESSAGES; i++) {
      assertThat(add("m" + i, "1-*/*", "a", '+')).isEqualTo(new Taken());
    }
    assertThat(add("more", "1-*/*", "a", '+')).isInstanceOf(Refused.class);

    var wide = new Reassembly(10_000, 10_000);
    Reassembly.Result result = new Taken();
    for (int i = 0; i <= Reassembly.MAX_PIECES; i++) {
      assertThat(result).isEqualTo(new Taken());
      var range = ByteRange.parse((2 * i + 1) + "-*/*").orElseThrow();
      result = wide.add("m", "a/b", range, new byte[1], Continuation.MORE, now);
    }
    assertThat(result).isEqualTo(new Refused(MsrpStatus.STOP_SENDING, "too many separate pieces"));
    assertThat(wide.held()).isZero();
  }

  @Test
  @Spec("RFC 4975 §10.2")
  void bytesBehindTheEndAreRefused() {
    add("1", "4-6/6", "def", '$');
    assertThat(add("1", "7-8/8", "gh", '+')).isInstanceOf(Refused.class);
    add("2", "4-6/6", "def", '+');
    assertThat(add("2", "1-3/3", "abc", '$')).isInstanceOf(Refused.class);
  }

  @Test
  void aMessageOfWhichNothingComesAnyMoreIsDropped() {
    add("kept", "1-*/*", "abc", '+');
    add("left", "1-*/*", "abc", '+');
    now += 60;
    add("kept", "4-*/*", "def", '+');
    now += 39;
    assertThat(reassembly.dropIdle(100, now)).isEmpty();
    now += 1;
    assertThat(reassembly.dropIdle(100, now)).containsExactly("left");

    assertThat(reassembly.unfinished()).isEqualTo(1);
    assertThat(body(add("kept", "7-*/*", "ghi", '$'))).isEqualTo("abcdefghi");
    assertThat(reassembly.held()).isZero();
  }

  private Reassembly.Result add(MsrpBody body, Continuation continuation, String... headers) {
    List<MsrpHeader> all = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(new MsrpHeader(headers[i], headers[i + 1]));
    }
    List<MsrpUri> path = List.of(MsrpUri.of("h", 1, "s"));
    var send = new MsrpRequest("abcd", MsrpRequest.SEND, path, path, all, body, continuation);
    return reassembly.add(send, now);
  }

  private static MsrpBody piece(String text, long offset, boolean last) {
    return new MsrpBody.Piece(text.getBytes(StandardCharsets.UTF_8), offset, last);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void piecesOfAChunkAreJoinedWhereTheChunkBelongs() {
    String[] second = {"Message-ID", "1", "Byte-Range", "4-*/9", "Content-Type", "a/b"};

    assertThat(add(piece("def", 0, false), Continuation.MORE, second)).isEqualTo(new Taken());
    assertThat(add(piece("ghi", 3, true), Continuation.COMPLETE, second)).isEqualTo(new Taken());
    assertThat(
            body(
                add(
                    new MsrpBody.Bytes("abc".getBytes(StandardCharsets.UTF_8)),
                    Continuation.MORE,
                    "message-id",
                    "1",
                    "Byte-Range",
                    "1-3/9")))
        .isEqualTo("abcdefghi");
  }

  @Test
  @Spec("RFC 4975 §7.3.1")
  void aSendThatCannotBePlacedIsRefusedWithTheStatusToAnswer() {
    assertThat(add(piece("x", 0, true), Continuation.COMPLETE, "Byte-Range", "1-1/1").status())
        .isEqualTo(MsrpStatus.BAD_REQUEST);
    assertThat(
            add(piece("x", 0, true), Continuation.COMPLETE, "Message-ID", "1", "Byte-Range", "0-1")
                .status())
        .isEqualTo(MsrpStatus.BAD_REQUEST);
    assertThat(add(MsrpBody.TOO_LARGE, Continuation.MORE, "Message-ID", "1").status())
        .isEqualTo(MsrpStatus.STOP_SENDING);
    assertThat(add(MsrpBody.NONE, Continuation.COMPLETE, "Message-ID", "1")).isEqualTo(new Taken());
    assertThat(add(MsrpBody.NONE, Continuation.ABORTED, "Message-ID", "1"))
        .isEqualTo(new GivenUp());
  }
}
