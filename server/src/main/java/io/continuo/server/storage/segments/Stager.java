package io.continuo.server.storage.segments;

import io.continuo.server.conversation.ConversationLog.AppendListener;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends entries with large bodies. One that came in pieces is in its file already ([Staging]),
/// so its record joins a group at once. One in memory is written and synced to its own file by a
/// thread of this one's first. The writer never waits for a large body; only what comes behind it
/// in its own conversation does ([CommitQueue]), and other large bodies when all threads are busy.
/// How many may wait is bounded with everything else, by `storage.max-pending-bytes`.
///
/// A body that cannot be written fails its own entry and what was numbered behind it, not the log.
///
/// Threading: any thread.
final class Stager implements AutoCloseable {
  /// Bodies that are written at the same time.
  private static final int THREADS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Stager.class);

  private final CommitQueue queue;
  private final StagedBodies bodies;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS, Thread.ofPlatform().name("log-bodies-", 1).daemon().factory());

  Stager(CommitQueue queue, StagedBodies bodies) {
    this.queue = queue;
    this.bodies = bodies;
  }

  /// The body is the log's own from here on: it goes when its entry is refused.
  void append(ConversationId conversation, Entry entry, StoredBody body, AppendListener listener) {
    body.adopt();
    Waiting.Append append =
        new Waiting.Append(
            conversation,
            entry.sequence(),
            RecordCodec.encode(conversation, entry, body.reference()),
            0,
            new AppendListener() {
              @Override
              public void committed() {
                listener.committed();
              }

              @Override
              public void failed(StoreUnavailable why) {
                // A log that failed may hold the record nevertheless, so the next open decides.
                if (queue.refusing().isEmpty()) {
                  discard(body.reference());
                }
                listener.failed(why);
              }
            });
    if (!queue.append(append)) {
      discard(body.reference());
    }
  }

  void append(ConversationId conversation, Entry entry, byte[] body, AppendListener listener) {
    Reference reference = Reference.to(body);
    Waiting.Append append =
        new Waiting.Append(
            conversation,
            entry.sequence(),
            RecordCodec.encode(conversation, entry, reference),
            body.length,
            listener);
    if (queue.append(append)) {
      threads.execute(() -> stage(append, reference, body));
    }
  }

  private void stage(Waiting.Append append, Reference reference, byte[] body) {
    try {
      bodies.write(reference, body);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.atError()
          .addKeyValue("file", bodies.path(reference.number()))
          .setCause(e)
          .log("log.body-failed");
      discard(reference);
      queue.unstaged(
          append, new StoreUnavailable("a body cannot be written: " + FileFailure.text(e), e));
      return;
    }
    if (!queue.staged(append)) {
      discard(reference);
    }
  }

  /// No record refers to it, nor ever will.
  private void discard(Reference reference) {
    try {
      bodies.delete(reference.number());
    } catch (IOException e) {
      // An orphan until the next open.
      LOG.atWarn()
          .addKeyValue("file", bodies.path(reference.number()))
          .setCause(e)
          .log("log.body-not-deleted");
    }
  }

  /// When the writer has ended: nothing is being staged any more that anybody waits for.
  @Override
  public void close() {
    threads.shutdown();
  }
}
