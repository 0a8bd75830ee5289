package io.continuo.msrp.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Seeded connections full of messages of every kind, written, and read whole, byte by byte and cut
/// at random places. A failure names its seed.
class RoundTripTest {
  private static final int SEEDS = 300;
  private static final MsrpLimits WHOLE = MsrpLimits.DEFAULT;
  private static final MsrpLimits PIECES = WHOLE.streaming(7);
  private static final String[] TRAPS = {
    "\r\n", "-------", "\r\n-------", "$\r\n", "+\r\n", "#\r\n", "\r", "\n", "-", "\u00e4", "👩‍👧"
  };

  @Test
  @Spec("RFC 4975 §9")
  void whatIsWrittenIsReadTheSameHoweverItIsCut() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      List<MsrpMessage> messages = new Messages(seed).some();
      byte[] wire = wire(messages);
      List<String> expected = new ArrayList<>(messages.stream().map(Feed::words).toList());
      expected.add("");

      assertThat(Feed.whole(wire, WHOLE).words()).as("seed %d, whole", seed).isEqualTo(expected);
      assertThat(Feed.byteByByte(wire, WHOLE).words())
          .as("seed %d, byte by byte", seed)
          .isEqualTo(expected);
      assertThat(Feed.randomly(wire, WHOLE, seed).words())
          .as("seed %d, cut", seed)
          .isEqualTo(expected);
    }
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void piecesAreTheSameHoweverTheyAreCutAndGiveTheSameBytesWhenWrittenAgain() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      byte[] wire = wire(new Messages(seed).some());
      Feed whole = Feed.whole(wire, PIECES);

      assertThat(Feed.byteByByte(wire, PIECES).words())
          .as("seed %d, byte by byte", seed)
          .isEqualTo(whole.words());
      assertThat(Feed.randomly(wire, PIECES, seed).words())
          .as("seed %d, cut", seed)
          .isEqualTo(whole.words());
      assertThat(wire(whole.messages())).as("seed %d, written again", seed).isEqualTo(wire);
    }
  }

  /// The end of a real end-line cut off at each place, behind a body that is all but an end-line.
  @Test
  @Spec("RFC 4975 §7.1")
  void anEndLineMayBeCutAnywhereAndNothingElseEndsTheBody() {
    MsrpUri uri = MsrpUri.of("h", 1, "s");
    String head = "MSRP abcd SEND\r\nTo-Path: " + uri + "\r\nFrom-Path: " + uri + "\r\n\r\n";
    for (String body :
        List.of(
            "",
            "\r\n-------abcd",
            "-------abcd",
            "\r\n-------abcd*\r\n",
            "--------abcd$\r\n",
            "\r\n--------abcd$\r\n",
            "\r\n-------abcde$\r\n",
            "\r\n-------abcd$\r",
            "\n-------abcd$\r\n",
            "\r-------abcd$\r\n",
            "------------------------------")) {
      byte[] wire = (head + body + "\r\n-------abcd#\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int at = 1; at < wire.length; at++) {
        int first = at;
        int[] calls = {0};
        Feed cut = Feed.cut(wire, WHOLE, () -> calls[0]++ == 0 ? first : wire.length);
        MsrpRequest request = (MsrpRequest) cut.messages().getFirst();
        assertThat(((MsrpBody.Bytes) request.body()).bytes())
            .as("%s cut at %d", body, at)
            .isEqualTo(body.getBytes(StandardCharsets.US_ASCII));
        assertThat(request.continuation()).isEqualTo(Continuation.ABORTED);
        assertThat(cut.fault()).isEmpty();
      }
    }
  }

  private static byte[] wire(List<? extends MsrpInbound> messages) {
    ByteBuf out = Unpooled.buffer();
    messages.forEach(message -> MsrpEncoder.write((MsrpMessage) message, out));
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /// Makes messages of one seed.
  private static final class Messages {
    private final Random random;
    private final TransactionIds ids;

    Messages(long seed) {
      random = new Random(seed);
      ids = new TransactionIds(random);
    }

    List<MsrpMessage> some() {
      List<MsrpMessage> messages = new ArrayList<>();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        messages.add(random.nextInt(4) == 0 ? response() : request());
      }
      return messages;
    }

    private MsrpResponse response() {
      String comment = random.nextBoolean() ? "" : oneOf("OK", "Grüße aus der Ferne", " spaced");
      return new MsrpResponse(ids.next(), random.nextInt(1000), comment, path(), path(), headers());
    }

    private MsrpRequest request() {
      String id = ids.next();
      return new MsrpRequest(
          id,
          oneOf("SEND", "REPORT", "AUTH", "NICKNAME"),
          path(),
          path(),
          headers(),
          random.nextInt(4) == 0 ? MsrpBody.NONE : new MsrpBody.Bytes(body(id)),
          Continuation.values()[random.nextInt(3)]);
    }

    private List<MsrpUri> path() {
      List<MsrpUri> path = new ArrayList<>();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        String host = oneOf("192.0.2.1", "2001:db8::1", "host.example.com");
        path.add(MsrpUri.of(host, 1 + random.nextInt(65535), ids.next() + oneOf("", "=", "==")));
      }
      return path;
    }

    /// Those that may come only once say the same each time.
    private List<MsrpHeader> headers() {
      List<MsrpHeader> headers = new ArrayList<>();
      String id = value();
      String range = value();
      for (int i = random.nextInt(8); i > 0; i--) {
        String name =
            oneOf("Message-ID", "byte-range", "Byte-Range", "STATUS", "X-Any", "Content-Type");
        headers.add(
            switch (name) {
              case "Message-ID" -> new MsrpHeader(name, id);
              case "byte-range", "Byte-Range" -> new MsrpHeader(name, range);
              default -> new MsrpHeader(name, value());
            });
      }
      return headers;
    }

    private String value() {
      return oneOf("", "1-*/*", "1-5/5", "000 200 OK", "ü", "a/b");
    }

    /// Full of what looks like an end-line, but is none.
    private byte[] body(String id) {
      var body = new ByteArrayOutputStream();
      for (int i = random.nextInt(20); i > 0; i--) {
        String trap = random.nextInt(4) == 0 ? id : TRAPS[random.nextInt(TRAPS.length)];
        body.writeBytes(trap.getBytes(StandardCharsets.UTF_8));
      }
      String text = body.toString(StandardCharsets.ISO_8859_1);
      return text.contains("-------" + id) ? new byte[0] : body.toByteArray();
    }

    private String oneOf(String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
