package io.continuo.msrp.imdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.imdn.Imdn.Notification;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImdnTest {
  private static Imdn parse(String xml) throws MalformedImdnException {
    return Imdn.parse(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Spec("RFC 5438 §11.1")
  void aDeliveryNotificationIsRead() throws Exception {
    Imdn imdn =
        parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <imdn xmlns="urn:ietf:params:xml:ns:imdn">
              <message-id>34jk324j</message-id>
              <datetime>2008-04-04T12:16:49-05:00</datetime>
              <recipient-uri>im:bob@example.com</recipient-uri>
              <original-recipient-uri>im%3Abob@example.com</original-recipient-uri>
              <subject>who <b>cares</b></subject>
              <x:odd xmlns:x="urn:x"><x:deep>1</x:deep></x:odd>
              <delivery-notification><status> <delivered/> </status></delivery-notification>
            </imdn>
            """);

    assertThat(imdn)
        .isEqualTo(
            new Imdn(
                "34jk324j",
                Optional.of("2008-04-04T12:16:49-05:00"),
                Optional.of("im:bob@example.com"),
                Optional.of("im%3Abob@example.com"),
                Notification.DELIVERY,
                "delivered"));
  }

  @ParameterizedTest
  @CsvSource({
    "delivery-notification,forbidden,DELIVERY",
    "display-notification,displayed,DISPLAY",
    "processing-notification,stored,PROCESSING",
    "deletion-notification,deleted,OTHER"
  })
  @Spec("RFC 5438 §7.2")
  void everyKindAndStatusIsReadWhateverThePrefix(String element, String status, Notification kind)
      throws Exception {
    Imdn imdn =
        parse(
            "<p:imdn xmlns:p='urn:ietf:params:xml:ns:imdn'><p:message-id>1</p:message-id><p:"
                + element
                + "><p:status><p:"
                + status
                + "/></p:status></p:"
                + element
                + "></p:imdn>");

    assertThat(imdn.kind()).isEqualTo(kind);
    assertThat(imdn.status()).isEqualTo(status);
    assertThat(Imdn.parse(imdn.toXml())).isEqualTo(imdn);
  }

  @Test
  @Spec("RFC 5438 §11.1")
  void whatIsWrittenIsReadAgain() throws Exception {
    var imdn =
        new Imdn(
            "<&\">ü",
            Optional.of("2026-01-01T00:00:00Z"),
            Optional.of("sip:a@x"),
            Optional.empty(),
            Notification.DISPLAY,
            "displayed");

    assertThat(Imdn.parse(imdn.toXml())).isEqualTo(imdn);
  }

  @Test
  void theMediaTypeIsComparedWithoutParametersAndCase() {
    assertThat(Imdn.isImdn("Message/IMDN+xml; charset=utf-8")).isTrue();
    assertThat(Imdn.isImdn("message/cpim")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<imdn/>",
        "<other/>",
        "<imdn><message-id>1</message-id></imdn>",
        "<imdn><message-id>1</message-id><a><status/></a></imdn>",
        "<imdn><delivery-notification><status><x/></status></delivery-notification></imdn>",
        "<imdn><message-id>1</message-id><a><status><x/></status></a>",
      })
  void whatIsNoNotificationIsMalformed(String xml) {
    assertThatThrownBy(() -> parse(xml)).isInstanceOf(MalformedImdnException.class);
  }

  @Test
  void documentTypesEntitiesAndGiantsAreRefused() {
    String rest = "<imdn><message-id>&e;</message-id><a><status><x/></status></a></imdn>";
    assertThatThrownBy(
            () -> parse("<!DOCTYPE imdn [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>" + rest))
        .isInstanceOf(MalformedImdnException.class)
        .hasMessageContaining("document type");
    assertThatThrownBy(() -> parse(rest)).isInstanceOf(MalformedImdnException.class);
    assertThatThrownBy(() -> parse("<imdn>" + " ".repeat(70_000) + "</imdn>"))
        .isInstanceOf(MalformedImdnException.class)
        .hasMessageContaining("65536");
  }
}
