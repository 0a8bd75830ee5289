package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of RFC 3261 §19.1.4, and what Contacts of shipped clients need.
class ContactUriTest {

  @ParameterizedTest
  @CsvSource({
    "sip:%61lice@atlanta.com;transport=TCP, sip:alice@AtLanTa.CoM;Transport=tcp",
    "sip:carol@chicago.com, sip:carol@chicago.com;newparam=5",
    "sip:carol@chicago.com;newparam=5, sip:carol@chicago.com;security=on",
    "sip:alice%7e1@h, sip:alice~1@h",
    "sip:a%2fb@h, sip:a%2Fb@h",
    "sip:a@h;ob, sip:a@h",
    "sip:a@h;x=%31, sip:a@h;x=1",
  })
  @Spec("RFC 3261 §19.1.4")
  void theseAreTheSame(String one, String other) {
    assertThat(ContactUri.same(one, other)).isTrue();
    assertThat(ContactUri.same(other, one)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "SIP:ALICE@AtLanTa.CoM;Transport=udp, sip:alice@AtLanTa.CoM;Transport=UDP",
    "sip:bob@biloxi.com, sip:bob@biloxi.com:5060",
    "sip:bob@biloxi.com, sip:bob@biloxi.com;transport=udp",
    "sip:carol@chicago.com;security=on, sip:carol@chicago.com;security=off",
    "sip:a%2fb@h, sip:a/b@h",
    "sip:a%zz@h, sip:a@h",
  })
  @Spec("RFC 3261 §19.1.4")
  void theseAreNot(String one, String other) {
    assertThat(ContactUri.same(one, other)).isFalse();
    assertThat(ContactUri.same(other, one)).isFalse();
  }
}
