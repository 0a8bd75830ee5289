package io.continuo.msrp.cpim;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Whatever comes, it is a message that is written byte for byte as it was read, or the one
/// exception that is declared; and adding a header changes nothing else.
class CpimFuzz {
  @FuzzTest
  void anything(byte[] data) throws MalformedCpimException {
    CpimMessage message;
    try {
      message = CpimMessage.parse(data);
    } catch (MalformedCpimException malformed) {
      return;
    }
    assertThat(message.toBytes()).isEqualTo(data);
    askEverything(message);
    assertOnlyAdded(message, message.withImdnHeader("Message-ID", "added"));
    CpimMessage renamed = message.withFrom("sip:other@example.com");
    assertThat(CpimMessage.parse(renamed.toBytes()).fromUri()).contains("sip:other@example.com");
    assertThat(renamed.content()).isEqualTo(message.content());
  }

  private static void askEverything(CpimMessage message) {
    assertThat(message.headers()).isNotEmpty();
    assertThat(message.fromUris().size() + message.toUris().size())
        .isLessThanOrEqualTo(message.headers().size());
    assertThat(message.imdnHeaders("Message-ID").size())
        .isLessThanOrEqualTo(message.headers().size());
    assertThat(message.toString()).contains(message.contentType());
  }

  private static void assertOnlyAdded(CpimMessage before, CpimMessage after)
      throws MalformedCpimException {
    CpimMessage read = CpimMessage.parse(after.toBytes());
    int size = before.headers().size();
    assertThat(read.headers().subList(0, size)).isEqualTo(before.headers());
    assertThat(read.headers().getLast().value()).isEqualTo("added");
    assertThat(read.content()).isEqualTo(before.content());
    assertThat(read.contentType()).isEqualTo(before.contentType());
  }
}
