package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Text of every script arrives as it was written, wherever it is cut.
@ExtendWith(Scenario.class)
class TextIT {
  /// One of each: emoji with a joiner and a skin tone, a flag, Arabic, Hebrew with marks, CJK of
  /// four bytes, a combining accent, Devanagari, mathematical letters.
  private static final String TEXT = "👩🏽‍🚀🇪🇺 مرحبا שָׁלוֹם 𠜎𠜱 e\u0301 नमस्ते 𝒞ℴ𝓃𝓉𝒾𝓃𝓊ℴ";

  private Person alice;
  private Person bob;

  @BeforeEach
  void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    bob.tablet.isPager().registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aTextCutAtEveryByteArrivesWhole() {
    for (int bytes = 1; bytes <= 7; bytes++) {
      String text = TEXT + " in chunks of " + bytes;
      alice.phone.sendsInChunks(text, bytes);
      bob.phone.receives(text).from(alice);
      bob.tablet.receives(text).from(alice);
    }
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aLongTextIsCutByTheServerAndArrivesWhole() {
    for (int before = 0; before < 4; before++) {
      String text = "x".repeat(before) + "🚀".repeat(2_000);
      bob.phone.sends(text);
      alice.phone.receives(text).from(bob);
      bob.tablet.receivesCopyOf(text);
    }
  }
}
