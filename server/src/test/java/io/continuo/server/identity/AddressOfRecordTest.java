package io.continuo.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressOfRecordTest {
  @ParameterizedTest
  @Spec("RFC 3261 §19.1.4")
  @ValueSource(
      strings = {
        "sip:%61lice@continuo.test",
        "sip:al%69ce@CONTINUO.test;transport=tcp",
        "<sip:alice@continuo.test:5070?Subject=hi>",
        "SIPS:%61%6C%69%63%65@continuo.test",
        "\"A\" <sip:alice@continuo.test;lr>;tag=1"
      })
  void aCharacterThatIsNotReservedEqualsItsEscape(String uri) {
    assertThat(AddressOfRecord.of(uri)).hasToString("sip:alice@continuo.test");
  }

  @ParameterizedTest
  @Spec("RFC 3261 §19.1.4")
  @CsvSource({
    "sip:a%2fb@continuo.test,sip:a%2Fb@continuo.test",
    "sip:a%40b@continuo.test,sip:a%40b@continuo.test",
    "sip:a%25b@continuo.test,sip:a%25b@continuo.test",
    "sip:a%3bb@continuo.test,sip:a%3Bb@continuo.test",
    "sip:%c3%a9@continuo.test,sip:%C3%A9@continuo.test",
    "sip:a%2Bb@continuo.test,sip:a%2Bb@continuo.test",
    "sip:a%zz@continuo.test,sip:a%zz@continuo.test",
    "sip:Alice@continuo.test,sip:Alice@continuo.test"
  })
  void aReservedCharacterStaysEscaped(String uri, String canonical) {
    assertThat(AddressOfRecord.of(uri)).hasToString(canonical);
  }

  @ParameterizedTest
  @Spec("RFC 3261 §19.1.6")
  @Spec("RFC 3966 §4")
  @ValueSource(
      strings = {
        "sip:+15550100002@continuo.test;user=phone",
        "sip:+1-555-0100-002@continuo.test;User=Phone",
        "sip:+1(555)0100.002@continuo.test:5060;transport=tcp;user=phone;x=y",
        "sip:%2B15550100002@continuo.test;user=phone",
        "sip:+15550100002;postd=pp22@continuo.test;user=phone",
        "sip:%2b15550100002@continuo.test"
      })
  void aTelephoneNumberInASipUriIsItsDigits(String uri) {
    assertThat(AddressOfRecord.of(uri)).hasToString("sip:+15550100002@continuo.test");
    assertThat(AddressOfRecord.of(uri).number()).contains("+15550100002");
  }

  @Test
  void separatorsBelongToANameThatIsNoTelephoneNumber() {
    assertThat(AddressOfRecord.of("sip:mary-jane@continuo.test"))
        .hasToString("sip:mary-jane@continuo.test");
    assertThat(AddressOfRecord.of("sip:mary-jane@continuo.test").number()).isEmpty();
    assertThat(AddressOfRecord.of("sip:a@continuo.test?x=;user=phone"))
        .hasToString("sip:a@continuo.test");
  }

  @ParameterizedTest
  @CsvSource({
    "sip:bob@continuo.test,bob,continuo.test",
    "sip:continuo.test,'',continuo.test",
    "sip:bob@[::1],bob,[::1]",
    "tel:+1,'',''"
  })
  void userAndHostAreReadFromIt(String uri, String user, String host) {
    assertThat(AddressOfRecord.of(uri).user()).isEqualTo(user);
    assertThat(AddressOfRecord.of(uri).host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sip:", "sip:bob@", "http://continuo.test/", "bob@continuo.test"})
  void whatIsNeitherSipNorTelIsNone(String text) {
    assertThat(AddressOfRecord.parse(text)).isEmpty();
  }

  /// The short way for what is canonical already says what the patterns say.
  @Test
  void bothWaysOfReadingSayTheSame() {
    String alphabet = "aZ09.-_+@:;%[]<>? sip";
    Random random = new Random(4711);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder uri = new StringBuilder(random.nextInt(4) == 0 ? "" : "sip:");
      for (int length = random.nextInt(12); length > 0; length--) {
        uri.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String text = uri.toString().strip();
      if (text.indexOf('<') < 0) {
        assertThat(AddressOfRecord.parse(text)).as(text).isEqualTo(AddressOfRecord.byPattern(text));
      }
    }
  }
}
