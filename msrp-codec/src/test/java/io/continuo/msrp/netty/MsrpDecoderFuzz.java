package io.continuo.msrp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;

/// Whatever comes, the decoder gives messages or the one exception that it declares; the same ones
/// however the bytes are cut; no more body than came, in no larger pieces than asked for; and what
/// it gives, or is answered to a malformed one, is written to bytes that are read as the same.
class MsrpDecoderFuzz {
  private static final MsrpLimits LIMITS = new MsrpLimits(256, 1024, 8, 64, 512, 600);

  private static final MsrpUri OWN = MsrpUri.of("192.0.2.1", 2855, "own");

  @FuzzTest
  void anything(byte[] data) {
    Feed whole = Feed.whole(data, LIMITS);
    List<String> words = whole.words();

    assertThat(Feed.byteByByte(data, LIMITS).words()).isEqualTo(words);
    long seed = Arrays.hashCode(data);
    assertThat(Feed.randomly(data, LIMITS, seed).words()).isEqualTo(words);
    assertThat(whole.messages().stream().mapToInt(MsrpDecoderFuzz::bodyBytes).sum())
        .isLessThanOrEqualTo(data.length);
    for (MsrpInbound inbound : whole.messages()) {
      switch (inbound) {
        case MsrpMessage message -> assertReadAsWritten(message);
        case MalformedMessage bad ->
            bad.answer(OWN).ifPresent(MsrpDecoderFuzz::assertReadAsWritten);
      }
    }
  }

  private static int bodyBytes(MsrpInbound message) {
    int bytes =
        switch (message instanceof MsrpRequest request ? request.body() : MsrpBody.NONE) {
          case MsrpBody.None none -> 0;
          case MsrpBody.TooLarge tooLarge -> 0;
          case MsrpBody.Bytes body -> body.bytes().length;
          case MsrpBody.Piece piece -> piece.bytes().length;
        };
    assertThat(bytes).isLessThanOrEqualTo(LIMITS.maxPiece());
    return bytes;
  }

  private static void assertReadAsWritten(MsrpMessage message) {
    boolean whole =
        !(message instanceof MsrpRequest request)
            || request.body() instanceof MsrpBody.None
            || request.body() instanceof MsrpBody.Bytes;
    if (whole) {
      ByteBuf wire = Unpooled.buffer();
      MsrpEncoder.write(message, wire);
      byte[] bytes = new byte[wire.readableBytes()];
      wire.readBytes(bytes);
      MsrpLimits wide = new MsrpLimits(4096, 8192, 8, 64, 512, Long.MAX_VALUE);
      assertThat(Feed.whole(bytes, wide).words()).containsExactly(Feed.words(message), "");
    }
  }
}
