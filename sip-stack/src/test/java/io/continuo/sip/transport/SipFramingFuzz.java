package io.continuo.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.continuo.sip.transport.SipFraming.Frame;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whatever comes over a connection, framing never fails, gives nothing larger than it may, and
/// gives the same wherever the stream is cut.
class SipFramingFuzz {
  private static final int MAX_MESSAGE = 300;

  @FuzzTest
  void aStreamCutAnywhereGivesTheSameFrames(byte[] data) {
    List<String> whole = frames(data, Math.max(1, data.length));
    assertThat(frames(data, 1)).isEqualTo(whole);
    int cut = 1 + (Arrays.hashCode(data) & 63);
    assertThat(frames(data, cut)).isEqualTo(whole);
  }

  private static List<String> frames(byte[] data, int cut) {
    EmbeddedChannel channel = new EmbeddedChannel(new SipFraming(MAX_MESSAGE));
    List<String> frames = new ArrayList<>();
    for (int at = 0; at < data.length; at += cut) {
      channel.writeInbound(Unpooled.copiedBuffer(data, at, Math.min(cut, data.length - at)));
      for (Object frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
        frames.add(words((Frame) frame));
      }
    }
    channel.finishAndReleaseAll();
    return frames;
  }

  private static String words(Frame frame) {
    return switch (frame) {
      case Frame.Message(byte[] bytes) -> {
        assertThat(bytes.length).isLessThanOrEqualTo(MAX_MESSAGE);
        yield "message " + Arrays.toString(bytes);
      }
      case Frame.Ping() -> "ping";
      case Frame.Foreign(String reason) -> "foreign " + reason;
      // How much of the head there is to show depends on what had come by then.
      case Frame.Oversize(byte[] head, boolean skipped) -> {
        assertThat(head.length).isLessThanOrEqualTo(MAX_MESSAGE);
        yield "oversize " + skipped;
      }
      case Frame.Unframed(byte[] head, String reason) -> {
        assertThat(head.length).isLessThanOrEqualTo(MAX_MESSAGE);
        yield "unframed " + reason;
      }
    };
  }
}
