package io.continuo.msrp.iscomposing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Whatever comes, it is a document that is written to one read as the same, or the one exception
/// that is declared.
class IsComposingFuzz {
  @FuzzTest
  void anything(byte[] data) throws MalformedIsComposingException {
    IsComposing composing;
    try {
      composing = IsComposing.parse(data);
    } catch (MalformedIsComposingException malformed) {
      return;
    }

    assertThat(IsComposing.parse(composing.toXml())).isEqualTo(composing);
  }
}
