package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("RFC 4975 §9")
class WireMessageIdTest {
  @Test
  void anIdThatFitsIsKept() {
    assertThat(WireMessageId.of("Mx-7.a+b%c=d")).isEqualTo("Mx-7.a+b%c=d");
  }

  @Test
  void aUuidLosesItsDashes() {
    assertThat(WireMessageId.of("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"))
        .isEqualTo("f81d4fae7dec11d0a76500a0c91e6bf6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "with space", "über-lang", "-leading-dash", "<angle@host>"})
  void whateverElseBecomesAValidIdThatIsAlwaysTheSame(String id) {
    assertThat(WireMessageId.of(id))
        .matches("[A-Za-z0-9][A-Za-z0-9.\\-+%=]{3,31}")
        .isEqualTo(WireMessageId.of(id));
  }

  @Test
  void longIdsThatBeginAlikeStayApart() {
    assertThat(WireMessageId.of("a".repeat(40) + "1"))
        .isNotEqualTo(WireMessageId.of("a".repeat(40) + "2"));
  }
}
