package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationLog.AppendListener;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogSamples;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/// A process that appends to a log until it is killed, and prints `conversation sequence` for every
/// entry that it was told is committed.
final class AppendingProcess {
  static final int CONVERSATIONS = 5;

  /// Appends that may be unanswered at once.
  private static final int WINDOW = 64;

  private AppendingProcess() {}

  static ConversationId conversation(int number) {
    return new ConversationId("g-" + number);
  }

  /// Every fiftieth is too large for memory.
  static String text(long sequence) {
    return "entry %d 😀".formatted(sequence).repeat(sequence % 50 == 0 ? 10_000 : 20);
  }

  private static Entry entry(SegmentLog log, long sequence) {
    Entry.Message message = LogSamples.message(sequence, text(sequence));
    byte[] bytes = message.body().whole();
    if (bytes.length <= StagedBodies.MAX_INLINE) {
      return message;
    }
    log.staging().begin(new Uploading()).write(0, bytes); // never finished: an orphan
    var uploading = new Uploading();
    BodyStaging.Upload upload = log.staging().begin(uploading);
    upload.write(0, bytes);
    upload.seal(bytes.length);
    return new Entry.Message(
        sequence,
        message.at(),
        message.sender(),
        message.senderDevice(),
        message.messageId(),
        message.contentType(),
        uploading.body.join(),
        message.anonymous());
  }

  private static final class Uploading implements BodyStaging.Listener {
    final CompletableFuture<Body> body = new CompletableFuture<>();

    @Override
    public void written(long bytes) {}

    @Override
    public void sealed(Body whole) {
      body.complete(whole);
    }

    @Override
    public void failed(StoreUnavailable why) {
      body.completeExceptionally(why);
    }
  }

  public static void main(String[] arguments) throws Exception {
    SegmentLog log =
        SegmentLog.open(
            SegmentFiles.settings(Path.of(arguments[0]), 100_000, 64 << 20), LogObserver.NONE);
    Semaphore window = new Semaphore(WINDOW);
    List<ConversationId> all =
        IntStream.range(0, CONVERSATIONS).mapToObj(AppendingProcess::conversation).toList();
    long[] last = new long[CONVERSATIONS];
    for (int i = 0; i < CONVERSATIONS; i++) {
      last[i] = log.read(all.get(i), 1, Integer.MAX_VALUE, Long.MAX_VALUE).size();
    }
    for (int next = 0; ; next = (next + 1) % CONVERSATIONS) {
      window.acquire();
      long sequence = ++last[next];
      log.append(
          all.get(next),
          entry(log, sequence),
          new Printing(System.out, all.get(next), sequence, window));
    }
  }

  private record Printing(
      PrintStream out, ConversationId conversation, long sequence, Semaphore window)
      implements AppendListener {
    @Override
    public void committed() {
      out.println(conversation + " " + sequence);
      out.flush();
      window.release();
    }

    @Override
    public void failed(StoreUnavailable why) {
      out.println("failed: " + why.getMessage());
      out.flush();
    }
  }
}
