package io.continuo.msrp.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.Chunker;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.Ident;
import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MsrpDecoderTest {
  private static final String PATHS =
      "To-Path: msrp://bob.example.com:8493/si438dsaodes;tcp\r\n"
          + "From-Path: msrp://alicepc.example.com:7777/iau39soe2843z;tcp\r\n";
  private static final String TEXT =
      "Grüße 👩‍👩‍👧 שלום עולם مرحبا 𠜎𠜱\r\n-------not the end$\r\n";
  private static final MsrpLimits LIMITS = MsrpLimits.inWholeChunks(200, 600, 4096, 8192);

  // ---- every case is fed whole, byte by byte, and cut at seeded random places ----

  private static List<MsrpMessage> decode(String wire) {
    return inbound(wire).stream().map(MsrpMessage.class::cast).toList();
  }

  private static List<MsrpInbound> inbound(String text) {
    byte[] wire = text.getBytes(StandardCharsets.UTF_8);
    List<MsrpInbound> whole = feed(wire, List.of(wire.length));
    assertSame(feed(wire, ones(wire.length)), whole, "byte by byte");
    for (long seed = 1; seed <= 20; seed++) {
      assertSame(feed(wire, cuts(wire.length, seed)), whole, "seed " + seed);
    }
    return whole;
  }

  private static List<Integer> ones(int length) {
    return java.util.stream.IntStream.range(0, length).mapToObj(i -> 1).toList();
  }

  private static List<Integer> cuts(int length, long seed) {
    var random = new Random(seed);
    List<Integer> cuts = new ArrayList<>();
    for (int left = length; left > 0; left -= cuts.getLast()) {
      cuts.add(Math.min(left, 1 + random.nextInt(40)));
    }
    return cuts;
  }

  private static List<MsrpInbound> feed(byte[] wire, List<Integer> sizes) {
    var channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));
    int at = 0;
    for (int size : sizes) {
      channel.writeInbound(Unpooled.copiedBuffer(wire, at, size));
      at += size;
    }
    return drain(channel);
  }

  private static List<MsrpInbound> drain(EmbeddedChannel channel) {
    List<MsrpInbound> messages = new ArrayList<>();
    for (MsrpInbound next = channel.readInbound(); next != null; next = channel.readInbound()) {
      messages.add(next);
    }
    channel.finishAndReleaseAll();
    return messages;
  }

  private static void assertSame(List<MsrpInbound> got, List<MsrpInbound> whole, String how) {
    assertThat(new Feed(got, "").words()).as(how).isEqualTo(new Feed(whole, "").words());
  }

  private static MsrpRequest request(String wire) {
    return (MsrpRequest) decode(wire).getFirst();
  }

  private static String body(MsrpInbound message) {
    return new String(
        ((MsrpBody.Bytes) ((MsrpRequest) message).body()).bytes(), StandardCharsets.UTF_8);
  }

  private static String send(String id, String headers, String body, char flag) {
    return "MSRP "
        + id
        + " SEND\r\n"
        + PATHS
        + headers
        + "\r\n"
        + body
        + "\r\n-------"
        + id
        + flag
        + "\r\n";
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void aRequestIsReadWithItsPathsHeadersAndBody() {
    MsrpRequest request =
        request(
            send(
                "a786hjs2",
                "Message-ID: 87652491\r\nByte-Range: 1-25/25\r\nContent-Type: text/plain\r\n",
                "Hey Bob, are you there?",
                '$'));

    assertThat(request.transactionId()).isEqualTo("a786hjs2");
    assertThat(request.method()).isEqualTo("SEND");
    assertThat(request.toPath().getFirst().sessionId()).contains("si438dsaodes");
    assertThat(request.fromPath().getFirst().host()).isEqualTo("alicepc.example.com");
    assertThat(request.header("message-id")).contains("87652491");
    assertThat(body(request)).isEqualTo("Hey Bob, are you there?");
    assertThat(request.continuation()).isEqualTo(Continuation.COMPLETE);
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void aResponseIsReadWithAndWithoutAComment() {
    List<MsrpMessage> got =
        decode(
            "MSRP a786hjs2 200 OK then\r\n"
                + PATHS
                + "-------a786hjs2$\r\n"
                + "MSRP a786hjs3 481\r\n"
                + PATHS
                + "-------a786hjs3$\r\n");

    assertThat(got).hasSize(2);
    assertThat(((MsrpResponse) got.get(0)).comment()).isEqualTo("OK then");
    assertThat(((MsrpResponse) got.get(1)).status())
        .isEqualTo(MsrpStatus.SESSION_DOES_NOT_EXIST.code());
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void aRequestWithoutBodyIsReadWithAndWithoutByteRange() {
    String plain = "MSRP d93kswow SEND\r\n" + PATHS + "Message-ID: 12339sdqwer\r\n";
    List<MsrpMessage> got =
        decode(
            plain + "-------d93kswow$\r\n" + plain + "Byte-Range: 1-0/0\r\n-------d93kswow$\r\n");

    assertThat(got)
        .hasSize(2)
        .allSatisfy(m -> assertThat(((MsrpRequest) m).body()).isEqualTo(MsrpBody.NONE));
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void aBodyOfNoBytesIsABody() {
    String head = "MSRP d93kswow SEND\r\n" + PATHS + "Content-Type: text/plain\r\n\r\n";

    assertThat(body(request(head + "\r\n-------d93kswow$\r\n"))).isEmpty();
    assertThat(body(request(head + "-------d93kswow$\r\n"))).isEmpty();
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void theEndLineAloneFramesWhateverByteRangeSays() {
    for (String range : List.of("1-3/3", "1-4000/4000", "1-*/*", "rubbish")) {
      MsrpRequest request =
          request(send("abcd", "Byte-Range: " + range + "\r\nContent-Type: a/b\r\n", TEXT, '+'));
      assertThat(body(request)).isEqualTo(TEXT);
      assertThat(request.continuation()).isEqualTo(Continuation.MORE);
    }
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void whatOnlyLooksLikeTheEndLineIsBody() {
    String body =
        "-------abcd\r\n-------abcde$\r\n-------abcd$x\r\n\r\n-------abcd?\r\n\r\r\n-------ab\r";

    assertThat(body(request(send("abcd", "Content-Type: a/b\r\n", body, '$')))).isEqualTo(body);
    assertThat(body(request(send("abcd", "Content-Type: a/b\r\n", "----", '$')))).isEqualTo("----");
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void chunksOfTwoMessagesMayInterleaveAndOneBeGivenUp() {
    String type = "Content-Type: text/plain\r\n";
    List<MsrpMessage> got =
        decode(
            send("aaaa", "Message-ID: 1\r\nByte-Range: 1-*/8\r\n" + type, "one ", '+')
                + send("bbbb", "Message-ID: 2\r\nByte-Range: 1-*/*\r\n" + type, "two", '#')
                + send("cccc", "Message-ID: 1\r\nByte-Range: 5-8/8\r\n" + type, "more", '$'));

    assertThat(got)
        .extracting(m -> m.header("Message-ID").orElseThrow())
        .containsExactly("1", "2", "1");
    assertThat(got)
        .extracting(m -> ((MsrpRequest) m).continuation())
        .containsExactly(Continuation.MORE, Continuation.ABORTED, Continuation.COMPLETE);
  }

  /// As pjsip keeps a connection alive.
  @Test
  @Spec("wire: lenient in what we take")
  void lineEndsBetweenMessagesArePassedOver() {
    String fine = send("abcd", "Content-Type: a/b\r\n", "fine", '$');

    assertThat(inbound("\r\n\r\n" + fine + "\r\n".repeat(9) + fine + "\r\n")).hasSize(2);
    byte[] most = "\r\n".repeat(MsrpDecoder.MAX_LINE_ENDS).getBytes(StandardCharsets.US_ASCII);
    var channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));
    channel.writeInbound(Unpooled.wrappedBuffer(most));
    channel.writeInbound(Unpooled.copiedBuffer(fine, StandardCharsets.US_ASCII));
    channel.writeInbound(Unpooled.wrappedBuffer(most));
    assertThat(channel.inboundMessages()).as("counted anew behind a message").hasSize(1);
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(most, 0, 2)))
        .hasMessageContaining("expected `MSRP `");
    channel.releaseInbound();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "ab", "abc", "0b1f9f80-6ff9-4b44-9c8d-b1c0c6b93c05"})
  @Spec("wire: lenient in what we take")
  void transactionIdsOfAnyLengthAreReadAndAnswered(String id) {
    for (String used : List.of(id, id + "x".repeat(Ident.LONGEST_READ - id.length()))) {
      MsrpRequest request = request(send(used, "Content-Type: a/b\r\n", TEXT, '$'));
      assertThat(request.transactionId()).isEqualTo(used);
      assertThat(body(request)).isEqualTo(TEXT);
      ByteBuf answer = Unpooled.buffer();
      MsrpEncoder.write(request.answer(MsrpStatus.OK), answer);
      assertThat(decode(answer.toString(StandardCharsets.US_ASCII)).getFirst())
          .isEqualTo(request.answer(MsrpStatus.OK));
    }
    String endless = id + "x".repeat(Ident.LONGEST_READ + 1 - id.length());
    assertThatThrownBy(() -> inbound(send(endless, "", "", '$')))
        .hasMessageContaining("transaction id");
  }

  @Test
  @Spec("wire: lenient in what we take")
  void aResponseMayHaveABlankLineBeforeItsEndLine() {
    String response = "MSRP abcd 200 OK\r\n" + PATHS;
    for (String blank : List.of("\r\n", "\r\n\r\n")) {
      List<MsrpMessage> got = decode((response + blank + "-------abcd$\r\n").repeat(2));
      assertThat(got).hasSize(2).allMatch(MsrpResponse.class::isInstance);
    }
  }

  @Test
  @Spec("RFC 4975 §9")
  void aMessageIdSaidTwiceTheSameWayIsTaken() {
    MsrpRequest request =
        request(send("abcd", "Message-ID: 1\r\nMESSAGE-ID: 1\r\nContent-Type: a/b\r\n", "x", '$'));

    assertThat(request.header("Message-ID")).contains("1");
  }

  @Test
  @Spec("RFC 4975 §9")
  void unknownMethodsAndHeadersAreKeptInOrder() {
    MsrpRequest request =
        request(
            "MSRP abcd FROBNICATE\r\n"
                + PATHS
                + "X-One: 1\r\nx-two:  2 \r\nX-Empty:\r\nX-One: 3\r\n-------abcd$\r\n");

    assertThat(request.method()).isEqualTo("FROBNICATE");
    assertThat(request.headers())
        .containsExactly(
            new MsrpHeader("X-One", "1"),
            new MsrpHeader("x-two", "2"),
            new MsrpHeader("X-Empty", ""),
            new MsrpHeader("X-One", "3"));
  }

  @Test
  @Spec("RFC 4975 §9")
  void headerNamesAreReadInAnyCase() {
    MsrpRequest request =
        request(
            "MSRP abcd REPORT\r\n"
                + PATHS.replace("To-Path", "TO-PATH").replace("From", "from")
                + "MESSAGE-ID: 1\r\nstatus: 000 200 OK\r\n-------abcd$\r\n");

    assertThat(request.method()).isEqualTo("REPORT");
    assertThat(request.toPath()).hasSize(1);
    assertThat(request.header("Status")).contains("000 200 OK");
  }

  @Test
  @Spec("RFC 4975 §6")
  void pathsMayHaveRelaysIpv6AndSessionIdsWithEqualSigns() {
    MsrpRequest request =
        request(
            "MSRP abcd SEND\r\n"
                + "To-Path: msrps://relay.example.com:2855/ab=c==;tcp msrp://[2001:db8::1]:9/x;tcp\r\n"
                + "From-Path: msrp://127.0.0.1:2855/s;tcp\r\n-------abcd$\r\n");

    assertThat(request.toPath()).hasSize(2);
    assertThat(request.toPath().get(0).sessionId()).contains("ab=c==");
    assertThat(request.toPath().get(1).host()).isEqualTo("2001:db8::1");
  }

  @Test
  @Spec("RFC 4975 §10.5")
  void aMessageAnnouncedTooLargeIsHandedOnBeforeItsBodyAndTheNextIsRead() {
    String tooLarge =
        send("abcd", "Byte-Range: 1-*/9000\r\nContent-Type: a/b\r\n", "x".repeat(9000), '$');
    String fine = send("efgh", "Content-Type: a/b\r\n", "fine", '$');
    List<MsrpMessage> got = decode(tooLarge + fine);

    assertThat(((MsrpRequest) got.get(0)).body()).isEqualTo(MsrpBody.TOO_LARGE);
    assertThat(body(got.get(1))).isEqualTo("fine");

    var channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));
    channel.writeInbound(
        Unpooled.copiedBuffer(tooLarge.substring(0, 400), StandardCharsets.US_ASCII));
    assertThat(drain(channel)).as("known before the body's end").hasSize(1);
  }

  @Test
  void aChunkOverTheLimitIsHandedOnWithoutItsBytesAndTheNextIsRead() {
    List<MsrpMessage> got =
        decode(
            send("abcd", "Byte-Range: 1-*/*\r\nContent-Type: a/b\r\n", "x".repeat(4097), '$')
                + send("efgh", "Content-Type: a/b\r\n", "y".repeat(4096), '$'));

    assertThat(((MsrpRequest) got.get(0)).body()).isEqualTo(MsrpBody.TOO_LARGE);
    assertThat(body(got.get(1))).hasSize(4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-*/*", "1-*/9000"})
  @Spec("RFC 4975 §10.5")
  void aChunkThatNeverEndsIsPassedOverOnlySoFar(String range) {
    int announced = range.endsWith("*") ? 0 : 4096; // nothing of it is handed on
    String fields = "Byte-Range: " + range + "\r\nContent-Type: a/b\r\n";
    String passed = "x".repeat(4096 + 10_000 - announced);

    var within = new EmbeddedChannel(new MsrpDecoder(LIMITS, 10_000));
    within.writeInbound(ascii(send("abcd", fields, passed, '$') + send("efgh", "", "", '$')));
    assertThat(drain(within)).hasSize(2);

    var beyond = new EmbeddedChannel(new MsrpDecoder(LIMITS, 10_000));
    String endless = send("abcd", fields, passed + "xyz", '$');
    assertThatThrownBy(() -> beyond.writeInbound(ascii(endless)))
        .hasMessageContaining("the end-line of a chunk that was too large");
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7})
  @Spec("RFC 4975 §5.1")
  void textOfAnyScriptSurvivesEveryChunkCut(int chunkSize) {
    byte[] text = TEXT.repeat(3).getBytes(StandardCharsets.UTF_8);
    var chunker = new Chunker(chunkSize, new TransactionIds(new Random(7))::next);
    MsrpUri peer = MsrpUri.of("2001:db8::1", 2855, "a=b");
    var chunks = chunker.chunks(List.of(peer), MsrpUri.of("h", 1, "s"), "1", "text/plain", text);
    ByteBuf wire = Unpooled.buffer();
    chunks.forEachRemaining(chunk -> MsrpEncoder.write(chunk, wire));
    byte[] bytes = new byte[wire.readableBytes()];
    wire.readBytes(bytes);

    var joined = new ByteArrayOutputStream();
    for (MsrpInbound message : feed(bytes, cuts(bytes.length, chunkSize))) {
      joined.writeBytes(((MsrpBody.Bytes) ((MsrpRequest) message).body()).bytes());
    }
    assertThat(joined.toByteArray()).isEqualTo(text);
  }

  // ---- malformed ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "\u0016\u0003\u0001",
        "MSRP a_c SEND\r\n",
        "MSRP a b SEND\r\n",
        "MSRP a 1 SEND\r\n",
        "MSRP abcd SEND now\r\n",
        "\n",
        "\r\r",
        "MSRP abcd\r\n",
        "MSRP abcd \r\n",
        "MSRP -abc SEND\r\n",
        "MSRP  abcd SEND\r\n",
        "MSRP abcd SEND\n",
        "MSRP abcd S\nEND\r\n",
      })
  @Spec("RFC 4975 §9")
  void garbageIsMalformedAndNothingAfterItIsRead(String wire) {
    byte[] good = send("efgh", "Content-Type: a/b\r\n", "x", '$').getBytes(StandardCharsets.UTF_8);
    byte[] bad = wire.getBytes(StandardCharsets.UTF_8);
    for (boolean whole : List.of(true, false)) {
      var channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));
      byte[] both = Arrays.copyOf(good, good.length + bad.length);
      System.arraycopy(bad, 0, both, good.length, bad.length);
      assertThatThrownBy(
              () -> {
                for (int size : whole ? List.of(both.length) : ones(both.length)) {
                  int at = whole ? 0 : -1;
                  channel.writeInbound(
                      at == 0
                          ? Unpooled.wrappedBuffer(both)
                          : Unpooled.wrappedBuffer(both, position(channel), size));
                }
              })
          .isInstanceOf(DecoderException.class)
          .cause()
          .isInstanceOfSatisfying(
              MalformedMsrpException.class,
              e -> assertThat(e.offset()).isBetween((long) good.length, (long) both.length));
      channel.writeInbound(Unpooled.wrappedBuffer(good));
      assertThat(channel.inboundMessages()).as("only what came before").hasSize(1);
      channel.releaseInbound();
    }
  }

  /// First the head, its lines parted by `^`; then what is answered, to whom, and by whom.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SEND^{to}^{from}^no colon            | 400 a b",
        "SEND^{to}^{from}^: no name           | 400 a b",
        "SEND^{to}^{from}^Message-ID : x      | 400 a b",
        "SEND^{to}^{from}^X-Folded: x^ folded | 400 a b",
        "SEND^{to}^{from}^X-Nul: a<NUL>b      | 400 a b",
        "SEND^{to}^{from}^X-Cr: a<CR>b           | 400 a b",
        "SEND^{to}^{from}^X-Lf: a<LF>b           | 400 a b",
        "SEND^{to}^{from}^X-Lf: a<LF>-------abcd$ | 400 a b",
        "SEND^{to}^{from}^<LF>                   | 400 a b",
        "SEND^{to}^{from}^-------efgh$        | 400 a b",
        "SEND^{to}^{from}^-------abcd!        | 400 a b",
        "SEND^no colon^{to}^{from}            | 400 a b",
        "SEND^{to}^{to}^{from}                | 400 a b",
        "SEND^{to}^{from}^From-Path: msrp://h:1/c;tcp | 400 a b",
        "SEND^To-Path: msrp://h:1/b^{from}    | 400 a own",
        "SEND^To-Path: http://x^{from}        | 400 a own",
        "SEND^{from}                          | 400 a own",
        "SEND^{to}                            | none",
        "SEND^{to}^From-Path: msrp://h:1/a    | none",
        "SEND                                 | none",
        "send^{to}^{from}                     | 501 a b",
        "SEND2^{to}^{from}                    | 501 a b",
        "FROB-1^{to}^{from}^no colon          | 501 a b",
        "FROBNICATE^{from}                    | 400 a own",
        "REPORT^Message-ID: 1                 | none",
        "REPORT^{to}^{from}^no colon          | none",
        "SEND^{to}^{from}^Message-ID: 1^message-id: 2 | 400 a b",
        "SEND^{to}^{from}^Byte-Range: 1-*/*^Byte-Range: 2-*/* | 400 a b",
        "20^{to}^{from}                       | none",
        "2000^{to}^{from}                     | none",
        "200 a<NUL>b^{to}^{from}              | none",
        "200 OK^{to}                          | none",
        "200 OK^no colon^{to}^{from}          | none",
      })
  @Spec("RFC 4975 §10.2")
  void aMalformedHeadIsToldWithItsAnswerAndTheNextMessageIsRead(String head, String answer) {
    String from = "From-Path: msrp://h:1/a;tcp";
    String lines =
        head.strip().replace("{to}", "To-Path: msrp://h:1/b;tcp").replace("{from}", from);
    String bad = "MSRP abcd " + controls(lines) + "\r\n";
    String fine = send("efgh", "Content-Type: a/b\r\n", "fine", '$');
    for (String rest : List.of("", "\r\n" + TEXT + "\r\n", "\r\n")) {
      List<MsrpInbound> got = inbound(fine + bad + rest + "-------abcd$\r\n" + fine);

      assertThat(got).hasSize(3);
      assertThat(body(got.getFirst())).isEqualTo("fine");
      assertThat(body(got.getLast())).isEqualTo("fine");
      assertThat(got.get(1))
          .isInstanceOfSatisfying(
              MalformedMessage.class,
              malformed -> {
                assertThat(malformed.transactionId()).isEqualTo("abcd");
                assertThat(malformed.offset())
                    .isBetween((long) fine.length(), (long) fine.length() + bad.length());
                assertThat(answerTo(malformed)).isEqualTo(answer);
              });
    }
  }

  private static String controls(String lines) {
    return lines
        .replace("^", "\r\n")
        .replace("<NUL>", "\u0000")
        .replace("<CR>", "\r")
        .replace("<LF>", "\n");
  }

  private static String answerTo(MalformedMessage malformed) {
    return malformed
        .answer(MsrpUri.of("h", 1, "own"))
        .map(answer ->
            String.join(
                " ",
                Integer.toString(answer.status()),
                answer.toPath().getFirst().sessionId().orElseThrow(),
                answer.fromPath().getFirst().sessionId().orElseThrow()))
        .orElse("none");
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void aResponseWithABodyIsMalformed() {
    List<MsrpInbound> got =
        inbound(
            "MSRP abcd 200 OK\r\n"
                + PATHS
                + "\r\n"
                + TEXT
                + "\r\n-------abcd$\r\n"
                + "MSRP efgh 200 OK\r\n"
                + PATHS
                + "-------efgh$\r\n");

    assertThat(got).hasSize(2);
    assertThat(got.getFirst())
        .isInstanceOfSatisfying(
            MalformedMessage.class,
            malformed -> assertThat(malformed.answer(MsrpUri.of("h", 1, "own"))).isEmpty());
    assertThat(got.getLast()).isInstanceOf(MsrpResponse.class);
  }

  @Test
  void aMalformedMessageKeepsTheHeadersThatCouldBeRead() {
    String wire = "MSRP abcd SEND\r\nno colon\r\nFailure-Report: no\r\n-------abcd$\r\n";

    assertThat(inbound(wire).getFirst().header("failure-report")).contains("no");
  }

  @Test
  void whatIsMalformedAndDoesNotEndWithinAChunkIsNoMsrp() {
    String start = "MSRP abcd SEND\r\nno colon\r\n\r\n";

    assertThat(inbound(start + "x".repeat(4096) + "\r\n-------abcd$\r\n")).hasSize(1);
    assertThatThrownBy(() -> inbound(start + "x".repeat(5000)))
        .hasMessageContaining("offset 28: expected the end-line within 4096 bytes");
    assertThatThrownBy(() -> inbound("MSRP abcd SEND\r\n" + "no colon\r\n".repeat(100)))
        .hasMessageContaining("a head of at most 600 bytes");
  }

  @Test
  void onlySoManyMalformedMessagesInARowAreTakenForMsrp() {
    String bad = "MSRP abcd SEND\r\nno colon\r\n-------abcd$\r\n";
    String row = bad.repeat(MsrpDecoder.MAX_MALFORMED);
    String fine = send("efgh", "Content-Type: a/b\r\n", "fine", '$');
    byte[] twice = (row + fine + row).getBytes(StandardCharsets.UTF_8);
    byte[] many = (row + bad).getBytes(StandardCharsets.UTF_8);

    assertThat(feed(twice, cuts(twice.length, 1))).hasSize(2 * MsrpDecoder.MAX_MALFORMED + 1);
    assertThatThrownBy(() -> feed(many, cuts(many.length, 1)))
        .hasMessageContaining("a message that can be understood");
  }

  private static int position(EmbeddedChannel channel) {
    var attribute = channel.attr(io.netty.util.AttributeKey.<Integer>valueOf("position"));
    int at = attribute.get() == null ? 0 : attribute.get();
    attribute.set(at + 1);
    return at;
  }

  @Test
  void theExceptionNamesTheOffsetAndWhatWasExpected() {
    var channel = new EmbeddedChannel(new MsrpDecoder(LIMITS));

    assertThatThrownBy(
            () -> channel.writeInbound(Unpooled.copiedBuffer("MSRX", StandardCharsets.US_ASCII)))
        .hasRootCauseMessage("offset 3: expected `MSRP ` at the begin of a message");
  }

  @Test
  void morePathsThanAreRememberedAreReadAllTheSame() {
    var wire = new StringBuilder();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i <= 2 * KnownLines.MAX_KEPT; i++) {
        wire.append("MSRP abcd SEND\r\nTo-Path: msrp://x:1/to" + i + ";tcp\r\n")
            .append("From-Path: msrp://y:1/from" + i + ";tcp\r\n-------abcd$\r\n");
      }
    }
    byte[] bytes = wire.toString().getBytes(StandardCharsets.US_ASCII);
    List<MsrpInbound> got = feed(bytes, cuts(bytes.length, 1));

    assertThat(got).hasSize(2 * (2 * KnownLines.MAX_KEPT + 1));
    for (int i = 0; i < got.size(); i++) {
      int session = i % (2 * KnownLines.MAX_KEPT + 1);
      assertThat(got.get(i).toPath().getFirst().sessionId()).contains("to" + session);
      assertThat(got.get(i).fromPath().getFirst().sessionId()).contains("from" + session);
    }
  }

  @Test
  void aLineOrAHeadOverItsLimitIsMalformed() {
    String line = "MSRP abcd SEND\r\nX: " + "x".repeat(200);
    String head = "MSRP abcd SEND\r\n" + "X-Header: xxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(17);

    assertThatThrownBy(() -> decode(line)).hasMessageContaining("a line of at most 200 bytes");
    assertThatThrownBy(() -> decode(head)).hasMessageContaining("a head of at most 600 bytes");
  }

  /// Found by fuzzing: what is beyond the limit is not looked at, however it was cut. The head has
  /// 600 bytes, and its last line would be over both limits.
  @Test
  void theLimitThatIsMetFirstIsNamedHoweverTheBytesAreCut() {
    String head = "MSRP abcd SEND\r\n" + "X-Header: xxxxxxxxxxxxxxxxxxxxxxxxx\r\n".repeat(12);
    byte[] wire = (head + "x".repeat(600)).getBytes(StandardCharsets.US_ASCII);

    assertThat(Feed.whole(wire, LIMITS).fault())
        .isEqualTo("offset 460: expected a head of at most 600 bytes")
        .isEqualTo(Feed.byteByByte(wire, LIMITS).fault());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\n\r\n"})
  void theLimitOfALineIsMetBeforeWhatIsBeyondIt(String end) {
    byte[] wire = ("MSRP abcd SEND" + "x".repeat(200) + end).getBytes(StandardCharsets.US_ASCII);

    assertThat(Feed.whole(wire, LIMITS).fault())
        .isEqualTo("offset 0: expected a line of at most 200 bytes")
        .isEqualTo(Feed.byteByByte(wire, LIMITS).fault());
  }

  @Test
  @Spec("RFC 4975 §9")
  void whatIsReadIsWrittenTheSameWay() {
    String wire =
        send(
                "abcd",
                "Message-ID: 1\r\nByte-Range: 1-5/5\r\nX-Any: ü\r\nContent-Type: text/plain\r\n",
                "hello",
                '$')
            + "MSRP efgh SEND\r\n"
            + PATHS
            + "Message-ID: 2\r\n-------efgh$\r\n"
            + "MSRP ijkl 200 OK\r\n"
            + PATHS
            + "-------ijkl$\r\n";
    ByteBuf written = Unpooled.buffer();
    decode(wire).forEach(message -> MsrpEncoder.write(message, written));

    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo(wire);
  }

  @Test
  void millionsOfSeededBytesOfNoiseNeverEndInAnythingElseThanMalformed() {
    var random = new Random(4975);
    byte[] valid =
        send("abcd", "Content-Type: a/b\r\n", TEXT, '$').getBytes(StandardCharsets.UTF_8);
    for (int run = 0; run < 5000; run++) {
      byte[] noisy = valid.clone();
      for (int i = 0; i <= run % 5; i++) {
        noisy[random.nextInt(noisy.length)] = (byte) random.nextInt(256);
      }
      try {
        feed(noisy, List.of(noisy.length));
      } catch (DecoderException e) {
        assertThat(e).as("run %s", run).hasCauseInstanceOf(MalformedMsrpException.class);
      }
    }
  }
}
