package io.continuo.msrp.imdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AggregatedImdnTest {
  private static Imdn delivered(String recipient) {
    return new Imdn(
        "34jk324j",
        Optional.of("2008-04-04T12:16:49-05:00"),
        Optional.of(recipient),
        Optional.empty(),
        Imdn.Notification.DELIVERY,
        "delivered");
  }

  private static AggregatedImdn parse(String type, String body) throws MalformedImdnException {
    return AggregatedImdn.parse(type, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Spec("RFC 5438 §8.3")
  void severalNotificationsAreReadAsTheyWereWritten() throws MalformedImdnException {
    var both = new AggregatedImdn(List.of(delivered("im:bob@a"), delivered("im:jürgen@b")));

    byte[] written = both.toBytes("imdn-boundary");

    assertThat(AggregatedImdn.parse(AggregatedImdn.contentType("imdn-boundary"), written))
        .isEqualTo(both);
    assertThat(new String(written, StandardCharsets.UTF_8))
        .startsWith("--imdn-boundary\r\nContent-Type: message/imdn+xml\r\n")
        .endsWith("\r\n--imdn-boundary--\r\n");
  }

  @Test
  @Spec("RFC 5438 §8.3")
  void lineFeedsAloneAPreambleAndOtherPartsAreRead() throws MalformedImdnException {
    String xml = new String(delivered("im:bob@a").toXml(), StandardCharsets.UTF_8);
    String body =
        "to be ignored\n--b\ncontent-type: text/plain\n\n--bx is text\n--b \nX: y\n"
            + "CONTENT-TYPE: message/imdn+xml;charset=utf-8\n\n"
            + xml
            + "\n--b--\nto be ignored\n--b\n";

    assertThat(parse("Multipart/Mixed; x=y; Boundary=b", body).notifications())
        .containsExactly(delivered("im:bob@a"));
  }

  @Test
  void whatIsNoneIsMalformed() {
    String type = "multipart/mixed;boundary=b";
    assertThat(AggregatedImdn.isAggregated(type)).isTrue();
    assertThat(AggregatedImdn.isAggregated("multipart/mixed")).isFalse();
    assertThat(AggregatedImdn.isAggregated("message/imdn+xml;boundary=b")).isFalse();
    assertThatThrownBy(() -> parse("multipart/mixed", "--b--"))
        .isInstanceOf(MalformedImdnException.class);
    assertThatThrownBy(() -> parse(type, "--b\n\n\n--b")).hasMessageContaining("closing delimiter");
    assertThatThrownBy(() -> parse(type, "--b\nContent-Type: text/plain\n\nx\n--b--"))
        .hasMessageContaining("found none");
    assertThatThrownBy(() -> parse(type, "--b\nContent-Type: message/imdn+xml\n\n<x/>\n--b--"))
        .isInstanceOf(MalformedImdnException.class);
  }

  @Test
  void moreThanTheLimitIsRefusedBothWays() {
    List<Imdn> many =
        Collections.nCopies(AggregatedImdn.MAX_NOTIFICATIONS + 1, delivered("im:bob@a"));
    assertThatThrownBy(() -> new AggregatedImdn(many)).isInstanceOf(IllegalArgumentException.class);

    String part =
        "--b\nContent-Type: message/imdn+xml\n\n"
            + new String(delivered("im:bob@a").toXml(), StandardCharsets.UTF_8)
            + "\n";
    String body = part.repeat(AggregatedImdn.MAX_NOTIFICATIONS + 1) + "--b--";
    assertThatThrownBy(() -> parse("multipart/mixed;boundary=b", body))
        .hasMessageContaining("at most 1000");
  }

  @Test
  void aBoundaryThatStandsInANotificationIsNotUsed() {
    var one = new AggregatedImdn(List.of(delivered("im:--b@a")));

    assertThatThrownBy(() -> one.toBytes("b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> one.toBytes("b\r\n")).isInstanceOf(IllegalArgumentException.class);
  }
}
