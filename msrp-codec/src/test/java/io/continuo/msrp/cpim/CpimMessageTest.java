package io.continuo.msrp.cpim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpimMessageTest {
  private static final String WIRE =
      """
      From: MR SANDERS <im:piglet@100akerwood.com>
      To: Depressed Donkey <im:eeyore@100akerwood.com>
      To: <tel:+49123>
      DateTime: 2000-12-13T13:40:00.123456-08:00
      Subject: the weather will be fine today
      Subject:;lang=fr beau temps prévu pour aujourd'hui
      NS: MyFeatures <mid:MessageFeatures@id.foo.com>
      Require: MyFeatures.VitalMessageOption
      MyFeatures.VitalMessageOption: Confirmation-requested
      NS: i <urn:ietf:params:imdn>
      i.Message-ID: 34jk324j
      i.Disposition-Notification: positive-delivery, display

      Content-type: text/xml; charset="utf8"
      Content-ID: <1234567890@foo.com>
      MIME-Version: 1.0
      Content-Transfer-Encoding:

      <body>
      שלום 👩‍👩‍👧

      </body>
      """
          .replace("\n", "\r\n");

  private static CpimMessage parse(String wire) throws MalformedCpimException {
    return CpimMessage.parse(wire.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  @Spec("RFC 3862 §2")
  void headersAreReadAsWrittenAndInOrder() throws Exception {
    CpimMessage message = parse(WIRE);

    assertThat(message.fromUri()).contains("im:piglet@100akerwood.com");
    assertThat(message.toUris()).containsExactly("im:eeyore@100akerwood.com", "tel:+49123");
    assertThat(message.header("datetime")).contains("2000-12-13T13:40:00.123456-08:00");
    assertThat(message.headers()).hasSize(12);
    assertThat(message.headers().get(8))
        .isEqualTo(new CpimHeader("MyFeatures.VitalMessageOption", "Confirmation-requested"));
    assertThat(message.header("Nothing")).isEmpty();
  }

  @Test
  @Spec("RFC 3862 §3.4")
  @Spec("RFC 5438 §6")
  void imdnHeadersAreFoundByTheirNamespaceWhateverThePrefix() throws Exception {
    assertThat(parse(WIRE).imdnHeader("Message-ID")).contains("34jk324j");
    assertThat(parse(WIRE).imdnHeader("Disposition-Notification"))
        .contains("positive-delivery, display");
    assertThat(
            parse("NS: imdn <urn:other>\r\nimdn.Message-ID: 1\r\n\r\n\r\nx")
                .imdnHeader("Message-ID"))
        .isEmpty();
    assertThat(parse("imdn.Message-ID: 1\r\n\r\n\r\nx").imdnHeader("Message-ID")).contains("1");
    assertThat(
            parse("NS: <urn:ietf:params:imdn>\r\nMessage-ID: 1\r\n\r\n\r\nx")
                .imdnHeader("message-id"))
        .contains("1");
  }

  @Test
  @Spec("RFC 3862 §2.4")
  void theMimePartIsKeptByteExact() throws Exception {
    byte[] random = new byte[5000];
    new Random(3862).nextBytes(random);
    CpimMessage message =
        CpimMessage.builder().from("sip:a@x").to("sip:b@x").content("a/b", random).build();

    CpimMessage again = CpimMessage.parse(message.toBytes()).withFrom("sip:c@x");

    assertThat(again.content()).isEqualTo(random);
    assertThat(CpimMessage.parse(again.toBytes()).content()).isEqualTo(random);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\n"})
  void whatNobodyChangedIsWrittenAsItWasRead(String lineEnd) throws Exception {
    String wire = WIRE.replace("\r\n", lineEnd).replace("To: <tel", "To :\t <tel");

    assertThat(text(parse(wire.replace("To :", "To:")).toBytes()))
        .isEqualTo(wire.replace("To :", "To:"));
    assertThat(parse(wire).contentType()).isEqualTo("text/xml; charset=\"utf8\"");
    assertThat(text(parse(wire).content())).startsWith("<body>").endsWith("</body>" + lineEnd);
  }

  @Test
  void anotherFromAndToKeepTheirPlacesAndDisplayNames() throws Exception {
    String changed = text(parse(WIRE).withFrom("sip:p@x").withTo("sip:e@x").toBytes());

    assertThat(changed)
        .isEqualTo(
            WIRE.replace("im:piglet@100akerwood.com", "sip:p@x")
                .replace("im:eeyore@100akerwood.com", "sip:e@x"));
  }

  /// A header name may have any character but control, space and colon; which are not all ASCII.
  @Test
  @Spec("RFC 3862 §3.1")
  void headersOfAnyNameAreKeptAndFoundInAnyCase() throws Exception {
    CpimMessage message = parse("Größe.X-1: 5\r\nFROM: <sip:a@x>\r\n\r\n\r\nhi");

    assertThat(message.headers().getFirst()).isEqualTo(new CpimHeader("Größe.X-1", "5"));
    assertThat(message.fromUri()).contains("sip:a@x");
    assertThat(text(message.withFrom("sip:b@x").toBytes()))
        .isEqualTo("Größe.X-1: 5\r\nFROM: <sip:b@x>\r\n\r\n\r\nhi");
  }

  @Test
  void aMissingFromIsPutInFront() throws Exception {
    assertThat(text(parse("To: <sip:b@x>\r\n\r\n\r\nhi").withFrom("sip:a@x").toBytes()))
        .isEqualTo("From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\n\r\nhi");
  }

  @Test
  @Spec("RFC 5438 §6")
  void anImdnHeaderIsAddedBehindTheLastHeaderWithItsNamespaceWhenNeeded() throws Exception {
    String added = text(parse(WIRE).withImdnHeader("Record-Route", "<sip:us>").toBytes());
    assertThat(added)
        .isEqualTo(WIRE.replace("display\r\n\r\n", "display\r\ni.Record-Route: <sip:us>\r\n\r\n"));

    assertThat(text(parse("From: <sip:a@x>\n\n\nhi").withImdnHeader("Message-ID", "1").toBytes()))
        .isEqualTo("From: <sip:a@x>\nNS: imdn <urn:ietf:params:imdn>\nimdn.Message-ID: 1\n\n\nhi");
    assertThat(parse("NS: imdn <urn:x>\n\n\nhi").withImdnHeader("Message-ID", "1").headers())
        .extracting(CpimHeader::name)
        .containsExactly("NS", "NS", "imdn1.Message-ID");
  }

  @Test
  void aPartWithoutContentTypeIsPlainText() throws Exception {
    CpimMessage message = parse("From: <sip:a@x>\r\n\r\n\r\nhi\r\n");

    assertThat(message.contentType()).isEqualTo("text/plain");
    assertThat(text(message.content())).isEqualTo("hi\r\n");
    assertThat(parse("From: <sip:a@x>\r\n\r\nContent-Type: a/b\r\n").content()).isEmpty();
  }

  /// What is cut off might be the header that says what the content is.
  @Test
  @Spec("RFC 3862 §2.1")
  void theHeadersOfAMessageOfWhichOnlyTheBeginningIsHereMustEndInIt() throws Exception {
    byte[] whole = WIRE.getBytes(StandardCharsets.UTF_8);
    int content = whole.length - CpimMessage.parse(whole).content().length;
    for (int length = 1; length < content; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> CpimMessage.parseBeginning(cut))
          .as("first %s bytes", length)
          .isInstanceOf(MalformedCpimException.class);
    }
    CpimMessage beginning = CpimMessage.parseBeginning(java.util.Arrays.copyOf(whole, content));
    assertThat(beginning.contentType()).isEqualTo(CpimMessage.parse(whole).contentType());
    assertThat(beginning.content()).isEmpty();
  }

  @Test
  @Spec("RFC 3862 §4.1")
  void addressesWithoutBracketsAndQuotedNamesWithBracketsAreRead() throws Exception {
    assertThat(parse("From: sip:a@x\r\n\r\n\r\n").fromUri()).contains("sip:a@x");
    assertThat(parse("From: \"<odd>\" <sip:a@x>\r\n\r\n\r\n").fromUri()).contains("sip:a@x");
    assertThat(parse("From: nobody\r\n\r\n\r\n").fromUri()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NS: c <urn:ietf:params:cpim-headers:>\r\nc.%s: %s\r\n",
        "ns: C <URN:ietf:params:CPIM-headers>\r\nc.%s: %s\r\n",
        "NS: c <urn:ietf:params:cpim-headers:>\r\nc.NS: d.e <urn:ietf:params:cpim-headers:>\r\nD.E.%s: %s\r\n",
        "c.%s: %s\r\nNS: c <urn:ietf:params:cpim-headers:>\r\nNS: c <urn:x>\r\n",
        "NS: <urn:ietf:params:cpim-headers:>\r\n%s: %s\r\n",
        "NS: <urn:x>\r\n%s: %s\r\n",
      })
  @Spec("RFC 3862 §3.4")
  void aCoreHeaderIsFoundUnderEachPrefixOfItsNamespace(String head) throws Exception {
    CpimMessage from = parse(head.formatted("From", "<sip:a@x>") + "\r\n\r\nhi");
    assertThat(from.fromUri()).contains("sip:a@x");
    assertThat(from.fromUris()).containsExactly(Optional.of("sip:a@x"));
    assertThat(from.withFrom("sip:b@x").fromUris()).containsExactly(Optional.of("sip:b@x"));
    assertThat(from.withFrom("sip:b@x").headers()).hasSameSizeAs(from.headers());
    assertThat(parse(head.formatted("To", "<sip:a@x>") + "\r\n\r\nhi").toUris())
        .containsExactly("sip:a@x");
    for (String name : List.of("DateTime", "Require", "Subject", "cc")) {
      assertThat(parse(head.formatted(name, "some") + "\r\n\r\nhi").header(name)).contains("some");
    }
    String imdn = head.formatted("NS", "i <urn:ietf:params:imdn>") + "i.Message-ID: 1\r\n";
    assertThat(parse(imdn + "\r\n\r\nhi").imdnHeader("Message-ID")).contains("1");
  }

  @Test
  @Spec("RFC 3862 §3.4")
  void aNameInAnotherNamespaceIsNoCoreHeader() throws Exception {
    CpimMessage message =
        parse("NS: x <urn:x>\r\nx.From: <sip:a@x>\r\n.From: <sip:b@x>\r\n\r\n\r\n");

    assertThat(message.fromUris()).isEmpty();
  }

  @Test
  @Spec("RFC 3862 §3.4")
  void imdnHeadersAreFoundUnderEachPrefixOfTheirNamespace() throws Exception {
    String two = "NS: a <urn:ietf:params:imdn>\r\nNS: b <urn:ietf:params:imdn>\r\n";
    assertThat(parse(two + "b.Message-ID: 1\r\n\r\n\r\n").imdnHeader("Message-ID")).contains("1");
    assertThat(parse(two + "A.Message-ID: 1\r\n\r\n\r\n").imdnHeader("Message-ID")).contains("1");

    CpimMessage both = parse(two + "b.Message-ID: 1\r\na.Message-ID: 2\r\n\r\n\r\n");
    assertThat(both.imdnHeader("Message-ID")).contains("1");
    assertThat(both.imdnHeaders("Message-ID")).containsExactlyInAnyOrder("1", "2");
    assertThat(
            parse("NS: <urn:ietf:params:imdn>\r\nMessage-ID: 1\r\n\r\n\r\n")
                .imdnHeader("Message-ID"))
        .contains("1");
  }

  @Test
  void theBuilderWritesWhatAReaderReads() throws Exception {
    CpimMessage message =
        CpimMessage.parse(
            CpimMessage.builder()
                .from("sip:a@x")
                .to("sip:b@x")
                .dateTime(Instant.parse("2026-01-02T03:04:05.678901Z"))
                .imdn("Message-ID", "m1")
                .content("text/plain;charset=UTF-8", "ü".getBytes(StandardCharsets.UTF_8))
                .build()
                .toBytes());

    assertThat(message.header("DateTime")).contains("2026-01-02T03:04:05.678Z");
    assertThat(message.imdnHeader("Message-ID")).contains("m1");
    assertThat(message.contentType()).isEqualTo("text/plain;charset=UTF-8");
    assertThat(text(message.content())).isEqualTo("ü");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\r\n",
        "From: <a:b>",
        "no colon\r\n\r\n",
        "From: <a:b>\r\n\r\nno colon",
        ": x\r\n\r\n\r\n",
        "A B: x\r\n\r\n\r\n"
      })
  void whatIsNotCpimIsMalformed(String wire) {
    assertThatThrownBy(() -> parse(wire))
        .isInstanceOf(MalformedCpimException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void aLineEndCannotBeSmuggledIntoAHeader() throws Exception {
    CpimMessage message = parse(WIRE);

    assertThatThrownBy(() -> message.withImdnHeader("X", "1\r\nTo: <sip:evil>"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> message.withFrom("sip:a>\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void seededNoiseNeverEndsInAnythingElseThanMalformed() {
    var random = new Random(3862);
    byte[] wire = WIRE.getBytes(StandardCharsets.UTF_8);
    for (int run = 0; run < 3000; run++) {
      byte[] noisy = java.util.Arrays.copyOf(wire, 1 + random.nextInt(wire.length));
      for (int i = 0; i < run % 4; i++) {
        noisy[random.nextInt(noisy.length)] = (byte) "\r\n: <\0\u00ff".charAt(random.nextInt(7));
      }
      try {
        assertThat(CpimMessage.parse(noisy).toBytes()).as("run %s", run).isEqualTo(noisy);
      } catch (MalformedCpimException e) {
        assertThat(e).hasMessageContaining("expected");
      }
    }
  }
}
