package io.continuo.msrp.imdn;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Whatever comes, it is a notification that is written to a document read as the same, or the one
/// exception that is declared; and what is written is not larger than what came and a frame.
class ImdnFuzz {
  private static final int FRAME = 512;

  /// `&` may come as one character of another encoding and goes as five.
  private static final int MOST_FOR_ONE = 6;

  @FuzzTest
  void anything(byte[] data) throws MalformedImdnException {
    Imdn imdn;
    try {
      imdn = Imdn.parse(data);
    } catch (MalformedImdnException malformed) {
      return;
    }
    byte[] written = imdn.toXml();

    assertThat(Imdn.parse(written)).isEqualTo(imdn);
    assertThat(written.length).isLessThanOrEqualTo(FRAME + MOST_FOR_ONE * data.length);
  }
}
