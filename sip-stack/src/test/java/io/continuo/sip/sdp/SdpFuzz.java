package io.continuo.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/// Whatever comes is either refused with a fixed phrase or a chat that we can answer: line by line,
/// every other line with port 0, and nothing in the answer that the peer could have smuggled in.
class SdpFuzz {
  @FuzzTest
  void anything(byte[] data) {
    switch (SdpReading.of(data, EnumSet.allOf(Protocol.class))) {
      case SdpReading.NotAcceptable(String reason) ->
          assertThat(reason).matches("[a-zA-Z0-9=/ ]{1,40}");
      case SdpReading.Usable usable -> {
        canBeAnswered(usable);
        isReadAgain(usable.message());
      }
    }
  }

  private static void canBeAnswered(SdpReading.Usable usable) {
    byte[] answer = new SdpWriter(1, 1).answer(usable, usable.message());
    List<String> media =
        new String(answer, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("m="))
            .toList();
    assertThat(media).hasSameSizeAs(usable.session().media());
    for (int i = 0; i < media.size(); i++) {
      boolean refused = media.get(i).split(" ")[1].equals("0");
      assertThat(refused).isEqualTo(i != usable.index());
    }
  }

  private static void isReadAgain(MessageSdp message) {
    byte[] offer = new SdpWriter(1, 1).offer(message);
    boolean hasRoom = offer.length <= SessionDescription.MAX_BYTES;
    if (!message.address().isEmpty() && hasRoom && linesFit(offer)) {
      assertThat(SdpReading.of(offer, EnumSet.allOf(Protocol.class)))
          .isInstanceOfSatisfying(
              SdpReading.Usable.class, again -> assertThat(again.message()).isEqualTo(message));
    }
  }

  /// A line that was just short enough with a line end may be too long in another form.
  private static boolean linesFit(byte[] text) {
    return new String(text, StandardCharsets.UTF_8)
        .lines()
        .allMatch(line -> line.length() <= SessionDescription.MAX_LINE);
  }
}
