package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyBytes;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.DeliveryOutcome.Unreachable;
import io.continuo.server.conversation.StagedBody;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.storage.segments.LogObserver;
import io.continuo.server.storage.segments.SegmentLog;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages that are too large for memory, in and out, with the files of a real store.
class LargeMessagesTest extends MsrpEndpointFixture {
  private static final int LARGE = 300_000;
  private static final int MAX = 1_000_000;

  @TempDir Path directory;
  private SegmentLog log;
  private boolean broken;
  private volatile @Nullable CountDownLatch sealing;
  private volatile @Nullable Stuck behind;
  private Duration chunkTimeout = Duration.ofMinutes(2);

  @Override
  MsrpSettings settings() {
    var terms = new Terms();
    terms.maxMessage = MAX;
    terms.reassemblyPerLeg = 2 * MAX;
    terms.uploadBytes = 3 * MAX;
    terms.chunk = chunkTimeout;
    return terms.settings();
  }

  @Override
  BodyStaging staging() {
    try {
      if (log == null) {
        log =
            SegmentLog.open(
                new StorageSettings(directory, 64 << 20, 64 << 20, Path.of("")), LogObserver.NONE);
      }
      return listener ->
          broken
              ? new Full(listener)
              : new Held(
                  log.staging().begin(behind == null ? listener : behind.before(listener)),
                  sealing);
    } catch (StoreUnavailable failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// The disk is full.
  private record Full(BodyStaging.Listener listener) implements BodyStaging.Upload {
    @Override
    public void write(long at, byte[] bytes) {
      if (at == 0) {
        listener.failed(new StoreUnavailable("No space left on device"));
      }
      listener.written(bytes.length);
    }

    @Override
    public void seal(long length) {}

    @Override
    public void discard() {}
  }

  /// Its sealing waits while `until` is not null and not open.
  private record Held(BodyStaging.Upload upload, @Nullable CountDownLatch until)
      implements BodyStaging.Upload {
    @Override
    public void write(long at, byte[] bytes) {
      upload.write(at, bytes);
    }

    @Override
    public void seal(long length) {
      if (until == null) {
        upload.seal(length);
      } else {
        Thread.ofVirtual()
            .start(() -> {
              try {
                until.await();
                upload.seal(length);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
      }
    }

    @Override
    public void discard() {
      upload.discard();
    }
  }

  @AfterEach
  void closesLog() {
    log.close();
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private String chunk(
      TextPeer peer, String id, byte[] all, int from, int to, String total, char flag)
      throws IOException {
    return chunk(peer, path(), id, all, from, to, total, flag);
  }

  private String chunk(
      TextPeer peer,
      String toPath,
      String id,
      byte[] all,
      int from,
      int to,
      String total,
      char flag)
      throws IOException {
    String transaction = "chunk" + id + from;
    peer.raw(
        "MSRP %s SEND\r\nTo-Path: %s\r\nFrom-Path: %s\r\nMessage-ID: %s\r\n"
                .formatted(transaction, toPath, PEER, id)
            + "Byte-Range: %d-%d/%s\r\nContent-Type: text/plain\r\n\r\n"
                .formatted(from + 1, to, total));
    peer.raw(Arrays.copyOfRange(all, from, to));
    peer.raw("\r\n-------" + transaction + flag + "\r\n");
    return transaction;
  }

  /// A message in one SEND, without Byte-Range.
  ///
  /// @param fields its last ones, with Content-Type
  private void says(TextPeer peer, String transaction, String toPath, String fields, byte[] all)
      throws IOException {
    peer.raw(
        "MSRP %s SEND\r\nTo-Path: %s\r\nFrom-Path: %s\r\nMessage-ID: m\r\n%s\r\n\r\n"
            .formatted(transaction, toPath, PEER, fields));
    peer.raw(all);
    peer.raw("\r\n-------" + transaction + "$\r\n");
  }

  private String whole(TextPeer peer, String id, byte[] all) throws IOException {
    return chunk(peer, id, all, 0, all.length, String.valueOf(all.length), '$');
  }

  private Received receives(byte[] all) throws InterruptedException {
    Received received = events.next(Received.class);
    assertThat(received.content()).isInstanceOf(Body.Staged.class);
    assertThat(BodyBytes.of(received.content())).isEqualTo(all);
    return received;
  }

  /// The message is whole, and its last chunk is answered when the conversation has it.
  private void keeps(TextPeer peer, byte[] all, String transaction) throws Exception {
    receives(all).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(transaction, 200);
  }

  private LegId bindsAnotherLeg(TextPeer peer) throws Exception {
    var another = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    expects(another);
    starts(another, BOB, List.of(PEER), false, LOCAL);
    peer.expectsAnswer(peer.sendBodiless(path(another), PEER), 200);
    events.next(Bound.class);
    return another;
  }

  /// Everything that the peer said before was looked at.
  private void barrier(TextPeer peer) throws Exception {
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(TextPeer.WAIT_SECONDS));
  }

  private void awaitFiles(int count) {
    await()
        .until(() -> {
          try (Stream<Path> files = Files.list(directory.resolve("log").resolve("bodies"))) {
            return files.count() == count;
          }
        });
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void oneInASingleChunkIsAnsweredOnceWhenTheConversationReplies() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    String transaction = whole(peer, "m1", all);

    Received received = receives(all);
    assertThat(received.messageId()).isEqualTo("m1");
    assertThat(received.contentType()).isEqualTo("text/plain");
    barrier(peer);
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(transaction, 200);
    barrier(peer);
  }

  @ParameterizedTest
  @CsvSource({"2048,known", "2048,*", "65536,*", "65537,*", "70000,known", "100000,*"})
  @Spec("RFC 4975 §5.1")
  void chunksOfAnySizeAreJoinedInAFile(int size, String total) throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    String announced = total.equals("*") ? "*" : String.valueOf(LARGE);
    String transaction = "";
    for (int at = 0; at < LARGE; at += size) {
      int to = Math.min(LARGE, at + size);
      if (at > 0) {
        peer.expectsAnswer(transaction, 200);
      }
      transaction = chunk(peer, "m", all, at, to, announced, to == LARGE ? '$' : '+');
    }

    keeps(peer, all, transaction);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void chunksComeInAnyOrder() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "m", all, 1000, 2000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m", all, 200_000, LARGE, "*", '$'), 200);
    peer.expectsAnswer(chunk(peer, "m", all, 2000, 150_000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m", all, 0, 1000, "*", '+'), 200);
    String last = chunk(peer, "m", all, 140_000, 200_000, "*", '+');

    keeps(peer, all, last);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aShortOneBetweenTheChunksOfALargeOneComesFirst() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "large", all, 0, 200_000, "*", '+'), 200);
    String small = peer.sendText(path(), PEER, "small", "first");
    Received first = events.next(Received.class);
    assertThat(first.text()).isEqualTo("first");
    first.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(small, 200);

    chunk(peer, "large", all, 200_000, LARGE, "*", '$');
    receives(all);
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void aSuccessReportNamesAllOfIt() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    says(peer, "abcd1", path(), "Success-Report: yes\r\nContent-Type: text/plain", all);

    keeps(peer, all, "abcd1");
    assertThat(peer.nextRequest().header("Byte-Range")).isEqualTo("1-300000/300000");
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void oneThatIsGivenUpLeavesNoFile() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "m", all, 0, 100_000, "*", '+'), 200);
    awaitFiles(1);
    peer.expectsAnswer(chunk(peer, "m", all, 100_000, 200_000, "*", '#'), 200);

    awaitFiles(0);
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void oneThatIsAbandonedLeavesNoFile() throws Exception {
    endpoint.close();
    chunkTimeout = Duration.ofSeconds(2);
    endpoint = start(settings());
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "m", all, 0, 100_000, "*", '+'), 200);
    assertThat(nextRefusal()).isEqualTo("408 unfinished message dropped");
    awaitFiles(0);

    peer.expectsAnswer(chunk(peer, "m", all, 100_000, LARGE, "*", '$'), 408);
  }

  @Test
  void oneThatTheConnectionTookAlongLeavesNoFile() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    chunk(peer, "m", all, 0, 100_000, "*", '+');
    awaitFiles(1);
    peer.raw("MSRP abcd2 SEND\r\nTo-Path: ");
    peer.close();
    events.next(Unbound.class);

    awaitFiles(0);
  }

  /// Nothing tells on which connection the first part came, so the rest is of an unfinished message
  /// of its own. Whoever sends it again from the beginning is understood.
  @Test
  @Spec("RFC 4975 §5.4")
  void theRestOnAnotherConnectionMakesNothingWhole() throws Exception {
    TextPeer first = bound();
    byte[] all = bytes(LARGE);
    first.expectsAnswer(chunk(first, "m", all, 0, 200_000, "*", '+'), 200);
    first.close();
    events.next(Unbound.class);
    awaitFiles(0);
    TextPeer second = connects();
    second.expectsAnswer(second.sendBodiless(path(), PEER), 200);
    events.next(Bound.class);
    second.expectsAnswer(chunk(second, "m", all, 200_000, LARGE, "*", '$'), 200);
    barrier(second);
    assertThat(events.hasNothing()).isTrue();

    String again = chunk(second, "m", all, 0, 200_000, "*", '+');
    receives(all).reply().answer(new SubmitResult.Refused(403, "no"));
    second.expectsAnswer(again, 403);
    awaitFiles(0);
    assertThat(endpoint.openUploads()).isZero();
    assertThat(endpoint.uploadBytes()).isZero();
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void bytesThatComeTwiceCountOnce() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    byte[] other = bytes(LARGE + 1);
    peer.expectsAnswer(chunk(peer, "m", other, 50_000, 150_000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m", other, 100_000, 200_000, "*", '+'), 200);
    assertThat(endpoint.openUploads()).isOne();
    assertThat(endpoint.uploadBytes()).isEqualTo(200_000);
    peer.expectsAnswer(chunk(peer, "m", all, 150_000, LARGE, "*", '$'), 200);
    String last = chunk(peer, "m", all, 0, 150_000, "*", '+');

    keeps(peer, all, last);
  }

  /// What is missing comes before the end of a chunk that says it all again.
  @ParameterizedTest
  @CsvSource({"100000", "60000"})
  @Spec("RFC 4975 §7.2")
  void aChunkIsAnsweredOnceWhenItsMessageIsWholeBeforeItsEnd(int missing) throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "m", all, missing, LARGE, "*", '$'), 200);
    String again = chunk(peer, "m", all, 0, LARGE, "*", '$');

    keeps(peer, all, again);
    barrier(peer);
    assertThat(events.hasNothing()).isTrue();
    assertThat(endpoint.openUploads()).isZero();
    awaitFiles(1);
  }

  /// A chunk of which 64 KiB came goes on behind the end that another one told.
  @ParameterizedTest
  @CsvSource({"65536", "131072"})
  @Spec("RFC 4975 §7.3.1")
  void aChunkThatGoesOnBehindTheEndIsRefused(int end) throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    peer.expectsAnswer(chunk(peer, "m", all, end - 1000, end, "*", '$'), 200);
    String longer = chunk(peer, "m", all, 0, LARGE, "*", '+');

    peer.expectsAnswer(longer, 400);
    barrier(peer);
    awaitFiles(0);
    assertThat(events.hasNothing()).isTrue();
  }

  /// Its sender was told nothing, so it was not accepted.
  @Test
  void oneWhoseDeviceLeavesWhileItIsMadeSafeIsNotHandedOn() throws Exception {
    sealing = new CountDownLatch(1);
    TextPeer peer = bound();
    whole(peer, "m", bytes(LARGE));
    awaitFiles(1);
    barrier(peer);
    peer.close();
    events.next(Unbound.class);
    sealing.countDown();

    awaitFiles(0);
    assertThat(events.hasNothing()).isTrue();
    assertThat(endpoint.openUploads()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"DUPLICATE,200", "REFUSED,403", "UNAVAILABLE,408"})
  void oneThatIsNotKeptLeavesNoFile(String how, int status) throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    String transaction = whole(peer, "m1", all);
    SubmitResult result =
        switch (how) {
          case "DUPLICATE" -> new SubmitResult.Duplicate();
          case "REFUSED" -> new SubmitResult.Refused(403, "no");
          default -> new SubmitResult.Unavailable("later");
        };
    receives(all).reply().answer(result);

    peer.expectsAnswer(transaction, status);
    awaitFiles(0);
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void aChunkInPiecesThatIsRefusedIsAnsweredOnce() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    says(peer, "abcd3", path(), "Content-Type: video/mp4", all);
    peer.expectsAnswer("abcd3", 415);
    barrier(peer);
    String unknown = path().replace("/leg", "/gel");
    says(peer, "abcd4", unknown, "Content-Type: text/plain", all);
    peer.expectsAnswer("abcd4", 481);
    barrier(peer);

    assertThat(refusals).hasSize(2);
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void aChunkOverTheLimitIsAnsweredOnceAndLeavesNoFile() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(MAX + 1);
    peer.expectsAnswer(chunk(peer, "m", all, 0, all.length, "*", '$'), 413);
    barrier(peer);
    awaitFiles(0);
    String last = whole(peer, "n", bytes(MAX));
    keeps(peer, bytes(MAX), last);
  }

  @Test
  void thereMayBeSoManyAtOnceAndNoMore() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    for (int i = 0; i < 3; i++) {
      peer.expectsAnswer(chunk(peer, "m" + i, all, 0, 100_000, "*", '+'), 200);
    }
    peer.expectsAnswer(chunk(peer, "m3", all, 0, 100_000, "*", '+'), 413);
    assertThat(nextRefusal()).isEqualTo("413 too many large messages at once");
    peer.expectsAnswer(chunk(peer, "m0", all, 100_000, 200_000, "*", '#'), 200);
    peer.expectsAnswer(chunk(peer, "m3", all, 0, 100_000, "*", '+'), 200);
    awaitFiles(3);
  }

  @Test
  void allLegsTogetherMayHoldSoManyBytes() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(MAX);
    peer.expectsAnswer(chunk(peer, "m0", all, 0, 900_000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m1", all, 0, 900_000, "*", '+'), 200);
    TextPeer other = connects();
    LegId second = bindsAnotherLeg(other);
    other.expectsAnswer(chunk(other, path(second), "n0", all, 0, 900_000, "*", '+'), 200);
    other.expectsAnswer(chunk(other, path(second), "n1", all, 0, 400_000, "*", '+'), 413);
    assertThat(nextRefusal()).isEqualTo("413 too many bytes of unfinished messages");
    awaitFiles(3);
    assertThat(endpoint.uploadBytes()).isEqualTo(2_700_000);

    peer.expectsAnswer(chunk(peer, "m0", all, 900_000, MAX, "*", '#'), 200);
    other.expectsAnswer(chunk(other, path(second), "n1", all, 0, 400_000, "*", '+'), 200);
    awaitFiles(3);
  }

  @Test
  void allOfALegTogetherMayHoldSoManyBytes() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(MAX);
    peer.expectsAnswer(chunk(peer, "m0", all, 0, 900_000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m1", all, 0, 900_000, "*", '+'), 200);
    peer.expectsAnswer(chunk(peer, "m2", all, 0, 300_000, "*", '+'), 413);
    assertThat(nextRefusal()).isEqualTo("413 too many bytes of unfinished messages");
    awaitFiles(2);
  }

  @Test
  void aFullDiskIsToldAndLosesNothingElse() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    broken = true;
    peer.expectsAnswer(chunk(peer, "m", all, 0, 2048, String.valueOf(LARGE), '+'), 200);
    barrier(peer);
    assertThat(nextRefusal()).isEqualTo("413 large message cannot be stored");
    peer.expectsAnswer(chunk(peer, "m", all, 2048, 4096, String.valueOf(LARGE), '+'), 413);
    peer.expectsAnswer(whole(peer, "n", all), 413);
    broken = false;

    String transaction = whole(peer, "o", all);
    keeps(peer, all, transaction);
  }

  private static byte[] joined(TextPeer peer) throws Exception {
    var joined = new ByteArrayOutputStream();
    Frame chunk;
    do {
      chunk = peer.nextRequest();
      joined.writeBytes(chunk.body().getBytes(StandardCharsets.ISO_8859_1));
      peer.answer(chunk, "200 OK");
    } while (chunk.flag() == '+');
    return joined.toByteArray();
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void itIsDeliveredFromItsFileBehindAnotherHead() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    whole(peer, "m", all);
    Body body = receives(all).content();
    byte[] head = "another head".getBytes(StandardCharsets.UTF_8);
    endpoint.send(new ConversationEffect.Deliver(leg, 1, "a", "text/plain", body, false));
    endpoint.send(
        new ConversationEffect.Deliver(leg, 2, "b", "text/plain", body.withHead(head), false));
    endpoint.send(delivery(3, "short"));

    assertThat(joined(peer)).isEqualTo(all);
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
    byte[] other = joined(peer);
    assertThat(other).startsWith(head).hasSize(LARGE - Body.HEAD + head.length);
    assertThat(Arrays.copyOfRange(other, head.length, other.length))
        .isEqualTo(Arrays.copyOfRange(all, Body.HEAD, LARGE));
    assertThat(joined(peer)).asString(StandardCharsets.UTF_8).isEqualTo("short");
  }

  /// One chunk is not slowed by answers, so the socket is left unread; answers to us wait there
  /// too.
  @Test
  @Spec("wire: back-pressure")
  void aDiskThatDoesNotFollowSlowsTheSocketOfItsDevice() throws Exception {
    var stuck = new Stuck();
    behind = stuck;
    TextPeer peer = bound();
    byte[] all = bytes(MAX);
    Thread says =
        Thread.ofVirtual()
            .start(() -> {
              try {
                whole(peer, "m", all);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await().until(() -> stuck.waiting.get() >= SessionInbox.MAX_UNWRITTEN);
    for (int i = 1; i <= 20; i++) {
      endpoint.send(delivery(i, "meanwhile"));
      peer.nextRequest();
    }
    assertThat(stuck.waiting).hasValueLessThanOrEqualTo(SessionInbox.MAX_UNWRITTEN + (128 << 10));

    stuck.follows();
    Received received = receives(all);
    says.join();
    received.reply().answer(new SubmitResult.Accepted());
  }

  /// Writes, but tells nobody before it follows again.
  private static final class Stuck {
    final AtomicLong waiting = new AtomicLong();
    private final List<Runnable> untold = new ArrayList<>();
    private boolean following;

    synchronized void tell(Runnable what, long bytes) {
      if (following) {
        what.run();
      } else {
        waiting.addAndGet(bytes);
        untold.add(what);
      }
    }

    synchronized void follows() {
      following = true;
      untold.forEach(Runnable::run);
    }

    BodyStaging.Listener before(BodyStaging.Listener listener) {
      return new BodyStaging.Listener() {
        @Override
        public void written(long bytes) {
          tell(() -> listener.written(bytes), bytes);
        }

        @Override
        public void sealed(Body body) {
          listener.sealed(body);
        }

        @Override
        public void failed(StoreUnavailable why) {
          listener.failed(why);
        }
      };
    }
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void oneToOneLegDoesNotHoldUpAnotherOnTheSameConnection() throws Exception {
    TextPeer peer = bound();
    LegId second = bindsAnotherLeg(peer);
    var endless = new Endless(20L << 20);
    Body body = new Body.Staged(new byte[Body.HEAD], endless, Body.HEAD);
    endpoint.send(new ConversationEffect.Deliver(leg, 1, "a", "text/plain", body, false));
    Frame frame = peer.nextRequest();
    endpoint.send(
        new ConversationEffect.Deliver(second, 1, "short", "text/plain", new byte[] {'y'}));

    while (frame.header("From-Path").equals(path())) {
      assertThat(frame.flag()).isEqualTo('+');
      peer.answer(frame, "200 OK");
      frame = peer.nextRequest();
    }
    assertThat(frame.body()).isEqualTo("y");
  }

  @Test
  @Spec("wire: back-pressure")
  void nothingIsReadForADeviceThatAnswersNothingBeyondItsWindow() throws Exception {
    TextPeer peer = bound();
    var endless = new Endless(1L << 30);
    Body body = new Body.Staged(new byte[Body.HEAD], endless, Body.HEAD);
    endpoint.send(new ConversationEffect.Deliver(leg, 1, "a", "text/plain", body, false));
    int chunks = Outflow.Lane.WINDOW / (2048 + BoundSession.HEAD_BYTES);
    for (int i = 0; i <= chunks; i++) {
      peer.nextRequest();
    }
    barrier(peer);

    assertThat(endless.read.get())
        .isLessThanOrEqualTo(Outflow.Lane.WINDOW + 3L * StagedChunks.BLOCK);
    peer.close();
    events.next(Answered.class);
    await().untilAtomic(endless.closed, is(true));
  }

  /// So many bytes, none of which is anywhere.
  private static final class Endless implements StagedBody {
    final AtomicLong read = new AtomicLong();
    final AtomicBoolean closed = new AtomicBoolean();
    private final long length;

    Endless(long length) {
      this.length = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public int checksum() {
      return 0;
    }

    @Override
    public Reading read(long from, Listener listener) {
      return new Reading() {
        @Override
        public void next(int most) {
          read.addAndGet(most);
          listener.read(new byte[most]);
        }

        @Override
        public void close() {
          closed.set(true);
        }
      };
    }

    @Override
    public void discard() {}
  }

  @Test
  void whatCannotBeReadIsGivenUpAndNotDelivered() throws Exception {
    TextPeer peer = bound();
    byte[] all = bytes(LARGE);
    whole(peer, "m", all);
    Body.Staged body = (Body.Staged) receives(all).content();
    var damaged = new Body.Staged(body.head(), new Damaged(LARGE), body.from());
    endpoint.send(new ConversationEffect.Deliver(leg, 1, "a", "text/plain", damaged, false));

    Frame chunk = peer.nextRequest();
    while (chunk.flag() == '+') {
      chunk = peer.nextRequest();
    }
    assertThat(chunk.flag()).isEqualTo('#');
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Unreachable(0)));
    events.next(Unbound.class);
  }

  /// Gives one block, then fails.
  private record Damaged(long length) implements StagedBody {
    @Override
    public int checksum() {
      return 0;
    }

    @Override
    public Reading read(long from, Listener listener) {
      return new Reading() {
        private boolean gave;

        @Override
        public void next(int most) {
          if (gave) {
            listener.failed(new StoreUnavailable("damaged"));
          } else {
            gave = true;
            listener.read(new byte[most]);
          }
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void discard() {}
  }
}
