package io.continuo.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.sip.sdp.MessageSdp.Direction;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.MessageSdp.Setup;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSdpTest {
  private static final Set<Protocol> ANY = EnumSet.allOf(Protocol.class);
  private static final String HEAD =
      "v=0\r\no=- 12345678901234567890123 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n";
  private static final String PATH = "a=path:msrp://192.0.2.1:9/s1;tcp\r\n";

  /// What LineageOS Messaging offers, by its attributes.
  private static final String RCS =
      HEAD
          + "c=IN IP4 192.0.2.1\r\n"
          + "m=message 9 TCP/TLS/MSRP *\r\n"
          + "c=IN IP6 2001:db8::1\r\n"
          + "a=accept-types:message/CPIM  application/im-iscomposing+xml\r\n"
          + "a=accept-wrapped-types:text/plain *\r\n"
          + "a=path:msrps://relay.test:443/r;tcp msrps://192.0.2.1:9/s1;tcp\r\n"
          + "a=setup:actpass\r\na=connection:new\r\na=msrp-cema\r\na=max-size:2048\r\n"
          + "a=fingerprint:sha-256 ab:cd\r\na=fingerprint:sha-1 EF:01\r\na=sendonly\r\na=multi-client\r\n";

  private static SdpReading read(String text) {
    return SdpReading.of(text.getBytes(StandardCharsets.UTF_8), ANY);
  }

  private static MessageSdp usable(String text) {
    return ((SdpReading.Usable) read(text)).message();
  }

  @Test
  @Spec("RFC 4975 §8.1")
  void everyAttributeOfAChatIsRead() {
    assertThat(usable(RCS))
        .isEqualTo(
            new MessageSdp(
                "2001:db8::1",
                9,
                Protocol.TCP_TLS_MSRP,
                List.of("message/cpim", "application/im-iscomposing+xml"),
                List.of("text/plain", "*"),
                List.of("msrps://relay.test:443/r;tcp", "msrps://192.0.2.1:9/s1;tcp"),
                Optional.of(Setup.ACTPASS),
                true,
                OptionalLong.of(2048),
                true,
                true,
                Direction.SENDONLY,
                List.of("sha-256 ab:cd", "sha-1 EF:01")));
  }

  @Test
  void whatIsNotSaidIsEmpty() {
    assertThat(usable(HEAD + "c=IN IP4 192.0.2.7\r\nm=message 2855 TCP/MSRP *\r\n" + PATH))
        .isEqualTo(
            new MessageSdp(
                "192.0.2.7",
                2855,
                Protocol.TCP_MSRP,
                List.of(),
                List.of(),
                List.of("msrp://192.0.2.1:9/s1;tcp"),
                Optional.empty(),
                false,
                OptionalLong.empty(),
                false,
                false,
                Direction.SENDRECV,
                List.of()));
  }

  @Test
  void theOriginIsKeptWhateverTheSizeOfItsNumbers() {
    SdpReading.Usable reading = (SdpReading.Usable) read(RCS);
    assertThat(reading.session().origin())
        .isEqualTo("- 12345678901234567890123 1 IN IP4 192.0.2.1");
  }

  @Test
  void sessionLevelAttributesCountForTheLine() {
    MessageSdp sdp =
        usable(
            HEAD
                + "a=setup:passive\r\na=recvonly\r\na=multi-client\r\nm=message 9 TCP/MSRP *\r\n"
                + PATH);
    assertThat(sdp.setup()).contains(Setup.PASSIVE);
    assertThat(sdp.direction()).isEqualTo(Direction.RECVONLY);
    assertThat(sdp.multiClient()).isTrue();
  }

  @Test
  void bareLineFeedsAreTaken() {
    assertThat(usable(RCS.replace("\r\n", "\n"))).isEqualTo(usable(RCS));
  }

  @Test
  void theFirstUsableChatLineIsChosen() {
    SdpReading.Usable reading =
        (SdpReading.Usable)
            read(
                HEAD
                    + "m=audio 4000 RTP/AVP 0\r\nm=message 0 TCP/MSRP *\r\nm=message 7 TCP/MSRP *\r\n"
                    + PATH);
    assertThat(reading.index()).isEqualTo(2);
    assertThat(reading.message().port()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m=audio 4000 RTP/AVP 0      |                          | no m=message line",
        "m=message 0 TCP/MSRP *      | a=path:msrp://h:1/s;tcp  | m=message has port 0",
        "m=message 9 TCP/MSRP *      | a=accept-types:*         | m=message without path",
        "m=message 9 TCP/MSRP *      | a=path:                  | m=message without path",
        "m=message 9 TCP/MSRP *      | a=path:http://h/         | path is not MSRP",
        "m=message 9 SCTP/MSRP *     | a=path:msrp://h:1/s;tcp  | m=message transport not supported",
      })
  void aDescriptionWithoutAUsableChatSaysWhy(String media, String attribute, String reason) {
    String text = HEAD + media + "\r\n" + (attribute == null ? "" : attribute + "\r\n");
    assertThat(read(text)).isEqualTo(new SdpReading.NotAcceptable(reason));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v=1\r\n",
        "o=- 1 1 IN IP4 h\r\n",
        "v=0\r\n",
        "v=0\r\no=- 1 1 IN IP4\r\ns=-\r\nt=0 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\nt=0 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nx=1\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm message\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=message 70000 TCP/MSRP *\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=message -1 TCP/MSRP *\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=message 9 TCP/MSRP\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP5 h\r\nt=0 0\r\n",
        "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\na=bare\rm=message 9 TCP/MSRP *\r\n",
        "v=0\r\ns=-\r\nt=0 0\r\nm=message 9 TCP/MSRP *\r\no=- 1 1 IN IP4 h\r\n",
        "\0\0\0\0"
      })
  @Spec("RFC 8866 §5")
  void malformedTextIsNotAcceptable(String text) {
    assertThat(read(text)).isEqualTo(new SdpReading.NotAcceptable("malformed SDP"));
  }

  @Test
  void aMalformedLineIsNamedByItsNumberWithoutItsText() {
    assertThatThrownBy(() ->
            SessionDescription.parse((HEAD + "c=secret\r\n").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedSdp.class)
        .hasMessage("line 5: expected IN IP4|IP6 address");
  }

  private static final int HEAD_LINES = 4;

  @Test
  void limitsCutOffHostileSizesAndTakeWhatIsBelow() {
    String chat = "m=message 9 TCP/MSRP *\r\n" + PATH;
    String attributes = "a=x\r\n".repeat(SessionDescription.MAX_LINES - HEAD_LINES - 3);
    String media = "m=audio 1 RTP/AVP 0\r\n".repeat(SessionDescription.MAX_MEDIA - 1);
    String longest = "a=" + "x".repeat(SessionDescription.MAX_LINE - 2);
    String hops = "msrp://h:1/s;tcp ".repeat(SdpReading.MAX_PATH);

    assertThat(read(HEAD + chat + attributes)).isInstanceOf(SdpReading.Usable.class);
    assertThat(read(HEAD + chat + attributes + "a=x\r\n")).isEqualTo(MALFORMED);
    assertThat(read(HEAD + media + chat)).isInstanceOf(SdpReading.Usable.class);
    assertThat(read(HEAD + media + "m=audio 1 RTP/AVP 0\r\n" + chat)).isEqualTo(MALFORMED);
    assertThat(read(HEAD + chat + longest)).isInstanceOf(SdpReading.Usable.class);
    assertThat(read(HEAD + chat + longest + "x")).isEqualTo(MALFORMED);
    assertThat(read(HEAD + chat + (longest + "\r\n").repeat(20))).isEqualTo(MALFORMED);
    assertThat(read(HEAD + chat.replace("msrp://192.0.2.1:9/s1;tcp", hops)))
        .isInstanceOf(SdpReading.Usable.class);
    assertThat(read(HEAD + chat.replace("a=path:", "a=path:" + hops)))
        .isEqualTo(new SdpReading.NotAcceptable("path of too many hops"));
  }

  private static final SdpReading MALFORMED = new SdpReading.NotAcceptable("malformed SDP");

  @Test
  @Spec("RFC 3264 §6")
  void ofTwoChatLinesThePolicyChoosesTheFirstThatItTakes() {
    String two =
        HEAD + "m=message 7 TCP/TLS/MSRP *\r\n" + PATH + "m=message 8 TCP/MSRP *\r\n" + PATH;
    SdpReading plain =
        SdpReading.of(two.getBytes(StandardCharsets.UTF_8), Set.of(Protocol.TCP_MSRP));
    SdpReading none =
        SdpReading.of(two.getBytes(StandardCharsets.UTF_8), line -> Optional.of("not today"));

    assertThat(((SdpReading.Usable) plain).index()).isEqualTo(1);
    assertThat(((SdpReading.Usable) read(two)).index()).isZero();
    assertThat(none).isEqualTo(new SdpReading.NotAcceptable("not today"));
  }

  @Test
  @Spec("RFC 8122 §5")
  void fingerprintsOfTheSessionCountForALineWithoutItsOwn() {
    String session = HEAD + "a=fingerprint:sha-256 AA\r\na=fingerprint:sha-512 BB\r\n";
    String line = "m=message 9 TCP/TLS/MSRP *\r\n" + PATH;
    assertThat(usable(session + line).fingerprints()).containsExactly("sha-256 AA", "sha-512 BB");
    assertThat(usable(session + line + "a=fingerprint:sha-1 CC\r\n").fingerprints())
        .containsExactly("sha-1 CC");
  }

  @Test
  void damagedTextNeverDoesMoreThanFail() {
    Random random = new Random(42);
    for (int round = 0; round < 5_000; round++) {
      byte[] text = RCS.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 4; i++) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      assertThat(SdpReading.of(text, ANY)).isNotNull();
    }
  }

  @Test
  @Spec("RFC 4566 §5")
  void whatIsWrittenIsReadAgain() {
    MessageSdp sdp = usable(RCS);
    byte[] offer = new SdpWriter(7, 1).offer(sdp);
    assertThat(SdpReading.of(offer, ANY))
        .isInstanceOfSatisfying(
            SdpReading.Usable.class, again -> assertThat(again.message()).isEqualTo(sdp));
  }

  @Test
  @Spec("RFC 4975 §8.1")
  @Spec("RFC 3264 §5")
  void anOfferHasOnlyPlainLines() {
    MessageSdp ours =
        new MessageSdp(
            "127.0.0.1",
            2855,
            Protocol.TCP_MSRP,
            List.of("message/cpim", "text/plain"),
            List.of("text/plain"),
            List.of("msrp://127.0.0.1:2855/s;tcp"),
            Optional.of(Setup.ACTPASS),
            false,
            OptionalLong.of(1024),
            false,
            false,
            Direction.SENDRECV,
            List.of());
    assertThat(new String(new SdpWriter(42, 3).offer(ours), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            v=0\r
            o=- 42 3 IN IP4 127.0.0.1\r
            s=-\r
            c=IN IP4 127.0.0.1\r
            t=0 0\r
            m=message 2855 TCP/MSRP *\r
            a=accept-types:message/cpim text/plain\r
            a=accept-wrapped-types:text/plain\r
            a=setup:actpass\r
            a=path:msrp://127.0.0.1:2855/s;tcp\r
            a=max-size:1024\r
            a=sendrecv\r
            """);
  }

  @Test
  @Spec("RFC 3264 §6")
  void anAnswerRefusesTheOtherLinesInOrder() {
    String offer =
        HEAD
            + "m=audio 4000 RTP/AVP 0 8\r\na=sendonly\r\nm=message 9 TCP/MSRP *\r\n"
            + PATH
            + "m=message 11 TCP/MSRP *\r\n"
            + PATH;
    SdpReading.Usable reading = (SdpReading.Usable) read(offer);
    assertThat(
            new String(
                    new SdpWriter(1, 1).answer(reading, reading.message()), StandardCharsets.UTF_8)
                .lines())
        .filteredOn(line -> line.startsWith("m="))
        .containsExactly(
            "m=audio 0 RTP/AVP 0 8", "m=message 9 TCP/MSRP *", "m=message 0 TCP/MSRP *");
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  @Spec("RFC 3264 §6")
  void aDirectionMirroredTwiceIsItself(Direction direction) {
    assertThat(direction.mirrored().mirrored()).isEqualTo(direction);
  }
}
