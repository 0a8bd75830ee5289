package io.continuo.sipp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The MSRP of the SIPp devices: text in, text out, framed by the end-line alone.
@Spec("RFC 4975 §7.1")
class MsrpFrameTest {
  private static MsrpFrame send(String body) {
    return new MsrpFrame(
        "abcd", "SEND", Map.of("Content-Type", "text/plain"), Optional.of(body), '$');
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hi",
        "",
        "\r\n",
        "a line\r\nand another",
        "-------abc$\r\n",
        "🚀 שלום",
        "ends with CRLF\r\n"
      })
  void whatIsWrittenIsRead(String body) throws IOException {
    assertThat(MsrpFrame.read(new ByteArrayInputStream(send(body).bytes()))).isEqualTo(send(body));
  }

  @ParameterizedTest
  @ValueSource(chars = {'$', '+', '#'})
  void theFlagIsRead(char flag) throws IOException {
    MsrpFrame chunk = new MsrpFrame("abcd", "SEND", Map.of(), Optional.of("part"), flag);

    assertThat(MsrpFrame.read(new ByteArrayInputStream(chunk.bytes())).flag()).isEqualTo(flag);
  }

  @Test
  void framesThatFollowEachOtherAreReadOneByOne() throws IOException {
    InputStream both =
        stream(
            "MSRP a1 200 OK\r\nTo-Path: x\r\n-------a1$\r\n"
                + "MSRP b2 SEND\r\nTo-Path: y\r\n-------b2$\r\n");

    MsrpFrame answer = MsrpFrame.read(both);
    MsrpFrame bodiless = MsrpFrame.read(both);

    assertThat(answer.isResponse()).isTrue();
    assertThat(answer.start()).isEqualTo("200 OK");
    assertThat(bodiless.isResponse()).isFalse();
    assertThat(bodiless.body()).isEmpty();
    assertThat(bodiless.header("To-Path")).isEqualTo("y");
  }

  @Test
  void anotherProtocolIsNoFrame() {
    assertThatThrownBy(() -> MsrpFrame.read(stream("GET / HTTP/1.1\r\n")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("start line");
  }

  @Test
  void aFrameThatBreaksOffIsTheEnd() {
    assertThatThrownBy(() -> MsrpFrame.read(stream("MSRP a1 SEND\r\n\r\nhalf")))
        .isInstanceOf(EOFException.class);
  }
}
