package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.StagedBody;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes bodies to their files while they come, and reads them while they go: [BodyUpload],
/// [BodyReading]. Writing and reading have threads of their own, so that a disk that is slow to
/// sync does not hold up what is being delivered.
///
/// Threading: any thread.
final class Staging implements BodyStaging, AutoCloseable {
  /// Bodies that are written, and those that are read, at the same time; others wait their turn.
  private static final int THREADS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

  private final StagedBodies bodies;
  private final ExecutorService writers = threads("log-uploads-");
  private final ExecutorService readers = threads("log-readings-");

  Staging(StagedBodies bodies) {
    this.bodies = bodies;
  }

  private static ExecutorService threads(String name) {
    return Executors.newFixedThreadPool(
        THREADS, Thread.ofPlatform().name(name, 1).daemon().factory());
  }

  @Override
  public Upload begin(Listener listener) {
    return new BodyUpload(this, bodies, new Turns(this::write), listener);
  }

  /// The body of an entry that is in the log.
  ///
  /// @throws java.io.FileNotFoundException when there is no such file
  /// @throws MalformedRecord when it has not the length that was written
  Body stored(Reference reference) throws IOException {
    byte[] head = bodies.head(reference);
    return new Body.Staged(head, new StoredBody(this, reference, true), head.length);
  }

  /// A body that was uploaded just now.
  Body uploaded(Reference reference) throws IOException {
    byte[] head = bodies.head(reference);
    return new Body.Staged(head, new StoredBody(this, reference, false), head.length);
  }

  StagedBody.Reading read(Reference reference, long from, StagedBody.Listener listener) {
    return new BodyReading(bodies, reference, from, new Turns(this::read), listener);
  }

  void delete(long number) {
    write(() -> deleteNow(number));
  }

  void deleteNow(long number) {
    try {
      bodies.delete(number);
    } catch (IOException e) {
      // An orphan until the next open.
      LOG.atWarn().addKeyValue("file", bodies.path(number)).setCause(e).log("log.body-not-deleted");
    }
  }

  private void write(Runnable work) {
    run(writers, work);
  }

  private void read(Runnable work) {
    run(readers, work);
  }

  /// After the end nothing more is written or read: the next open deletes what is left over.
  private static void run(ExecutorService threads, Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("log.staging-closed");
    }
  }

  /// What is being written or read is finished, nothing else.
  @Override
  public void close() {
    writers.shutdown();
    readers.shutdown();
  }
}
