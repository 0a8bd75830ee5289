package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.is;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyBytes;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StagedBody;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.segments.FaultyDisk.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bodies that are written while they come: whole and safe before an entry refers to them, and gone
/// when none does.
class BodyUploadTest extends BodyFilesFixture {
  private static final int PIECE = 10_000;

  /// What an upload told.
  private static final class Uploaded implements BodyStaging.Listener {
    final CompletableFuture<Body> body = new CompletableFuture<>();
    final AtomicLong written = new AtomicLong();

    @Override
    public void written(long bytes) {
      written.addAndGet(bytes);
    }

    @Override
    public void sealed(Body whole) {
      body.complete(whole);
    }

    @Override
    public void failed(StoreUnavailable why) {
      assertThat(body.completeExceptionally(why)).as("told once").isTrue();
    }

    Body awaitBody() {
      return body.orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private Uploaded upload(byte[] bytes) {
    var uploaded = new Uploaded();
    BodyStaging.Upload upload = log.staging().begin(uploaded);
    for (int at = 0; at < bytes.length; at += PIECE) {
      upload.write(at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE)));
    }
    upload.seal(bytes.length);
    return uploaded;
  }

  @Test
  void itIsPartOfAnEntryAndComesBackAlsoAfterReopening() throws Exception {
    byte[] bytes = bytes(1_000_000);
    Uploaded uploaded = upload(bytes);
    Body body = uploaded.awaitBody();
    assertThat(body.head()).isEqualTo(Arrays.copyOf(bytes, Body.HEAD));
    assertThat(body.length()).isEqualTo(bytes.length);
    assertThat(uploaded.written).hasValue(bytes.length);

    Told.append(log, CONVERSATION, List.of(entry(1, body)));
    assertThat(BodyBytes.of(body)).isEqualTo(bytes);
    reopen();
    Entry.Message back = (Entry.Message) log.load(CONVERSATION).getFirst();
    assertThat(BodyBytes.of(back.body())).isEqualTo(bytes);
    assertThat(back.body().hash()).isEqualTo(body.hash());
    assertThat(bodies()).hasSize(1);
  }

  @Test
  void piecesComeInAnyOrderAndReplaceEarlierOnes() throws Exception {
    byte[] bytes = bytes(300_000);
    var uploaded = new Uploaded();
    BodyStaging.Upload upload = log.staging().begin(uploaded);
    upload.write(200_000, Arrays.copyOfRange(bytes, 200_000, 300_000));
    upload.write(0, new byte[150_000]);
    upload.write(100_000, Arrays.copyOfRange(bytes, 100_000, 200_000));
    upload.write(0, Arrays.copyOf(bytes, 100_000));
    upload.seal(bytes.length);

    Body body = uploaded.awaitBody();
    Told.append(log, CONVERSATION, List.of(entry(1, body)));

    assertThat(BodyBytes.of(body)).isEqualTo(bytes);
  }

  @Test
  void aSmallOneIsTakenBackIntoMemory() throws Exception {
    byte[] bytes = bytes(StagedBodies.MAX_INLINE);

    Body body = upload(bytes).awaitBody();

    assertThat(body.whole()).isEqualTo(bytes);
    assertThat(bodies()).isEmpty();
  }

  @Test
  void aLargeOneIsSyncedOnTheWay() {
    upload(bytes((int) (2 * BodyUpload.SYNC_EVERY + 1))).awaitBody();

    assertThat(disk.forces).hasValueGreaterThanOrEqualTo(3);
  }

  @Test
  void whatIsDiscardedIsGone() throws Exception {
    var begun = new Uploaded();
    BodyStaging.Upload upload = log.staging().begin(begun);
    upload.write(0, bytes(PIECE));
    await().untilAtomic(begun.written, is((long) PIECE));
    upload.discard();
    Body.Staged whole = (Body.Staged) upload(bytes(100_000)).awaitBody();
    whole.file().discard();

    awaitFiles(0);
    assertThat(begun.body).isNotDone();
  }

  @Test
  void whatAnEntryRefersToIsNotDiscarded() throws Exception {
    Body.Staged body = (Body.Staged) upload(bytes(100_000)).awaitBody();
    Told.append(log, CONVERSATION, List.of(entry(1, body)));
    body.file().discard();
    reopen();

    assertThat(BodyBytes.of(((Entry.Message) log.load(CONVERSATION).getFirst()).body()))
        .isEqualTo(bytes(100_000));
  }

  @Test
  void oneOfAnEntryThatIsRefusedIsGone() throws Exception {
    Body body = upload(bytes(100_000)).awaitBody();
    Told refused = new Told();
    log.append(CONVERSATION, entry(7, body), refused);

    assertThat(refused.awaitFailed()).hasMessageContaining("cannot follow");
    assertThat(bodies()).isEmpty();
  }

  @Test
  void whatACrashCutShortIsGoneAfterTheNextStart(@TempDir Path after) throws Exception {
    Body body = upload(bytes(100_000)).awaitBody();
    Told.append(log, CONVERSATION, List.of(entry(1, body)));
    upload(bytes(200_000)).awaitBody();
    var begun = new Uploaded();
    log.staging().begin(begun).write(0, bytes(PIECE));
    awaitFiles(3);
    SegmentFiles.copyLog(directory, after);

    try (SegmentLog restarted =
        SegmentLog.open(SegmentFiles.settings(after, 64 << 20, 1 << 20), LogObserver.NONE, disk)) {
      try (Stream<Path> left = Files.list(after.resolve("log").resolve("bodies"))) {
        assertThat(left).hasSize(1);
      }
      Entry.Message kept = (Entry.Message) restarted.load(CONVERSATION).getFirst();
      assertThat(BodyBytes.of(kept.body())).isEqualTo(bytes(100_000));
    }
  }

  @Test
  void aFullDiskFailsTheUploadAndNothingElse() throws Exception {
    disk.failWith(Fault.WRITE, ".body");
    Uploaded failed = upload(bytes(100_000));

    assertThatThrownBy(failed::awaitBody).hasMessageContaining("No space left on device");
    awaitFiles(0);
    await().untilAtomic(failed.written, is(100_000L));
    Told.append(log, CONVERSATION, List.of(message(1, "goes on")));
    disk.failWith(Fault.NONE);
    Told.append(log, CONVERSATION, List.of(entry(2, upload(bytes(100_000)).awaitBody())));
    assertThat(log.load(CONVERSATION)).hasSize(2);
  }

  @Test
  void aSyncThatFailsFailsTheUpload() throws Exception {
    disk.failWith(Fault.FORCE, ".body");

    assertThatThrownBy(upload(bytes(100_000))::awaitBody).hasMessageContaining("cannot be written");
    awaitFiles(0);
  }

  @Test
  void theLastOfTheDiskIsLeftToTheLog() throws Exception {
    disk.usable = BodyUpload.MIN_FREE - 1;

    assertThatThrownBy(upload(bytes(100_000))::awaitBody).hasMessageContaining("bytes free");
    Told.append(log, CONVERSATION, List.of(message(1, "goes on")));
    awaitFiles(0);
  }

  /// Many at once would fill the rest between two looks.
  @Test
  void theLastOfTheDiskIsLeftToTheLogAlsoInTheMiddle() throws Exception {
    var uploaded = new Uploaded();
    BodyStaging.Upload upload = log.staging().begin(uploaded);
    upload.write(0, bytes(PIECE));
    await().untilAtomic(uploaded.written, is((long) PIECE));
    disk.usable = BodyUpload.MIN_FREE - 1;
    upload.write(PIECE, bytes(PIECE));

    assertThatThrownBy(uploaded::awaitBody).hasMessageContaining("bytes free");
    awaitFiles(0);
  }

  @Test
  void theRealDiskSaysHowMuchItTakes() throws Exception {
    assertThat(Disk.REAL.usable(directory)).isPositive();
    assertThat(Disk.REAL.usable(directory.resolve("is-not-there"))).isZero();
  }

  /// Begun before, opened after: there is nothing to read.
  @Test
  void aReadingOfWhatIsErasedSaysSo() throws Exception {
    Body.Staged body = (Body.Staged) upload(bytes(100_000)).awaitBody();
    Told.append(log, CONVERSATION, List.of(entry(1, body)));
    log.erase(CONVERSATION);

    assertThatThrownBy(() -> BodyBytes.of(body)).hasMessageContaining("cannot be read");
  }

  @Test
  void aReadingGoesOnWhenItsConversationIsErased() throws Exception {
    byte[] bytes = bytes(100_000);
    Body.Staged body = (Body.Staged) upload(bytes).awaitBody();
    Told.append(log, CONVERSATION, List.of(entry(1, body)));
    var first = new CompletableFuture<byte[]>();
    var second = new CompletableFuture<byte[]>();
    var reading =
        body.file()
            .read(
                0,
                new StagedBody.Listener() {
                  @Override
                  public void read(byte[] more) {
                    (first.isDone() ? second : first).complete(more);
                  }

                  @Override
                  public void failed(StoreUnavailable why) {
                    second.completeExceptionally(why);
                  }
                });
    reading.next(40_000);
    assertThat(first.orTimeout(60, TimeUnit.SECONDS).join())
        .isEqualTo(Arrays.copyOf(bytes, 40_000));
    log.erase(CONVERSATION);
    assertThat(bodies()).isEmpty();

    reading.next(100_000);
    assertThat(second.orTimeout(60, TimeUnit.SECONDS).join())
        .isEqualTo(Arrays.copyOfRange(bytes, 40_000, 100_000));
    reading.close();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofMinutes(1));
  }

  /// Waits until so many files are there.
  private void awaitFiles(int count) {
    await().until(() -> bodies().size() == count);
  }

  private static Entry.Message entry(long sequence, Body body) {
    return new Entry.Message(sequence, AT, ALICE, PHONE, "m" + sequence, "video/mp4", body, false);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
