package io.continuo.msrp.cpim;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ImdnRouteTest {
  private static final String MESSAGE =
      "From: <im:alice@a>\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 1\r\n%s\r\n"
          + "Content-Type: text/plain\r\n\r\nhi";

  private static CpimMessage message(String headers) throws MalformedCpimException {
    return CpimMessage.parse(MESSAGE.formatted(headers).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(CpimMessage message) {
    return new String(message.toBytes(), StandardCharsets.UTF_8);
  }

  @Test
  @Spec("RFC 5438 §6.5")
  void anIntermediaryPutsItselfInFrontOfTheEarlierOnes() throws MalformedCpimException {
    CpimMessage first = message("X: y\r\n").withImdnRecordRoute("im:list@a");
    CpimMessage second = first.withImdnRecordRoute("im:gateway@b");

    assertThat(second.imdnUris(CpimMessage.IMDN_RECORD_ROUTE))
        .containsExactly("im:gateway@b", "im:list@a");
    assertThat(text(second))
        .isEqualTo(
            MESSAGE.formatted(
                "X: y\r\nimdn.IMDN-Record-Route: <im:gateway@b>\r\n"
                    + "imdn.IMDN-Record-Route: <im:list@a>\r\n"));
  }

  @Test
  @Spec("RFC 5438 §6.6")
  void aNotificationGoesBackThroughThemInOrderAndLosesOneAtEach() throws MalformedCpimException {
    CpimMessage message =
        message("").withImdnRecordRoute("im:list@a").withImdnRecordRoute("im:gateway@b");
    CpimMessage built = CpimMessage.builder().from("im:bob@b").routedLike(message).build();
    CpimMessage notification = CpimMessage.parse(built.toBytes());

    assertThat(notification.imdnUris(CpimMessage.IMDN_ROUTE))
        .containsExactly("im:gateway@b", "im:list@a");
    CpimMessage onward = notification.withoutFirstImdnRoute();
    assertThat(onward.imdnUris(CpimMessage.IMDN_ROUTE)).containsExactly("im:list@a");
    CpimMessage last = onward.withoutFirstImdnRoute();
    assertThat(last.imdnUris(CpimMessage.IMDN_ROUTE)).isEmpty();
    assertThat(last.withoutFirstImdnRoute().toBytes()).isEqualTo(last.toBytes());
  }

  @Test
  @Spec("RFC 5438 §6.6")
  void anyPrefixThatIsDeclaredForImdnIsUsed() throws MalformedCpimException {
    CpimMessage message =
        CpimMessage.parse(
            "NS: a <urn:ietf:params:imdn>\na.IMDN-Route: Gate <im:g@a>\nimdn.IMDN-Route: <im:x@a>\n\n\nhi"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(message.imdnUris(CpimMessage.IMDN_ROUTE)).containsExactly("im:g@a");
    assertThat(text(message.withoutFirstImdnRoute())).doesNotContain("im:g@a").contains("im:x@a");
    assertThat(text(message.withImdnRecordRoute("im:r@a")))
        .contains("\na.IMDN-Record-Route: <im:r@a>\n");
  }
}
