package io.continuo.msrp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.util.ArrayList;
import java.util.List;

/// Whatever comes, the decoder gives messages or the one exception that it declares, and the same
/// ones however the bytes are cut.
class MsrpDecoderFuzz {
  private static final MsrpLimits LIMITS = new MsrpLimits(256, 1024, 16, 64, 512, 512);

  @FuzzTest
  void anything(byte[] data) {
    List<String> whole = decoded(data, data.length);

    assertThat(decoded(data, 1)).isEqualTo(whole);
  }

  /// The messages in words, and the fault that ended them.
  private static List<String> decoded(byte[] data, int cut) {
    EmbeddedChannel channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));
    List<String> seen = new ArrayList<>();
    String fault = "";
    try {
      for (int at = 0; at < data.length; at += cut) {
        ByteBuf piece = Unpooled.copiedBuffer(data, at, Math.min(cut, data.length - at));
        channel.writeInbound(piece);
      }
    } catch (DecoderException e) {
      assertThat(e).hasCauseInstanceOf(MalformedMsrpException.class);
      fault = String.valueOf(e.getMessage());
    }
    for (MsrpMessage each = channel.readInbound(); each != null; each = channel.readInbound()) {
      seen.add(each.toString());
    }
    channel.finishAndReleaseAll();
    seen.add(fault);
    return seen;
  }
}
