package io.continuo.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MsrpUriTest {
  @Test
  @Spec("RFC 4975 §6")
  void everyPartIsRead() {
    MsrpUri uri = MsrpUri.parse("MSRPS://u:p@[2001:DB8::1]:2855/a=b+c~d;TCP;x=y").orElseThrow();

    assertThat(uri.secure()).isTrue();
    assertThat(uri.host()).isEqualTo("2001:db8::1");
    assertThat(uri.port()).hasValue(2855);
    assertThat(uri.sessionId()).contains("a=b+c~d");
    assertThat(uri.transport()).isEqualTo("tcp");
    assertThat(uri).hasToString("MSRPS://u:p@[2001:DB8::1]:2855/a=b+c~d;TCP;x=y");
  }

  @ParameterizedTest
  @CsvSource({
    "msrp://host:1/s;tcp, MSRP://HOST:1/s;TCP, true",
    "msrp://u@host:1/s;tcp, msrp://host:1/s;tcp;x=y, true",
    "msrp://[2001:DB8::1]:1/s;tcp, msrp://[2001:db8::1]:1/s;tcp, true",
    "msrp://host:1/s;tcp, msrp://host:1/S;tcp, false",
    "msrp://host:1/s;tcp, msrp://host:2/s;tcp, false",
    "msrp://host:1/s;tcp, msrp://host/s;tcp, false",
    "msrp://host:1/s;tcp, msrp://host:1;tcp, false",
    "msrp://host:1/s;tcp, msrps://host:1/s;tcp, false",
    "msrp://host:1/s;tcp, msrp://host:1/s;ws, false",
    "msrp://host:1/s;tcp, msrp://other:1/s;tcp, false",
  })
  @Spec("RFC 4975 §6.1")
  void urisAreComparedByTheirParts(String one, String other, boolean same) {
    MsrpUri first = MsrpUri.parse(one).orElseThrow();
    MsrpUri second = MsrpUri.parse(other).orElseThrow();

    assertThat(first.equals(second)).isEqualTo(same);
    assertThat(first.hashCode() == second.hashCode() || !same).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "msrp:host",
        "http://host/s;tcp",
        "msrp://host:1/s",
        "msrp://host:1/s;",
        "msrp:///s;tcp",
        "msrp://host:/s;tcp",
        "msrp://host:x/s;tcp",
        "msrp://host:65536/s;tcp",
        "msrp://host:1/;tcp",
        "msrp://[::1/s;tcp",
        "msrp://[]:1/s;tcp",
        "msrp://[::1]1/s;tcp",
        "msrp://host:1/s s;tcp"
      })
  void whatIsNoUriIsNone(String text) {
    assertThat(MsrpUri.parse(text)).isEmpty();
  }

  @Test
  void ourOwnIsWrittenWithBracketsWhereNeeded() {
    assertThat(MsrpUri.of("2001:db8::1", 2855, "s")).hasToString("msrp://[2001:db8::1]:2855/s;tcp");
  }
}
