package io.continuo.server.runtime;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.Publication;
import io.continuo.server.registrar.RegisterStep;
import io.continuo.server.registrar.Registrar;
import io.continuo.server.registrar.Registration.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the registrar's steps behind it, many in one write, and answers them afterwards, in
/// order.
///
/// Threading: the registrar's loop, but for the write itself.
final class BindingWriter {
  /// Steps in one write; more wait for the next.
  private static final int MAX_BATCH = 1000;

  /// Steps that wait for the store. More are not made: the REGISTER is answered 503.
  private static final int MAX_PENDING = 50_000;

  private static final Logger log = LoggerFactory.getLogger(BindingWriter.class);

  private final BindingStore store;
  private final Registrar registrar;
  private final Consumer<Publication> announce;
  private final Consumer<Runnable> loop;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> Thread.ofPlatform().daemon().name("registrar-store").unstarted(work));
  private final Queue<Pending> pending = new ArrayDeque<>();
  private final List<Runnable> whenIdle = new ArrayList<>();
  private boolean writing;
  private boolean closed;

  BindingWriter(
      BindingStore store,
      Registrar registrar,
      Consumer<Publication> announce,
      Consumer<Runnable> loop) {
    this.store = store;
    this.registrar = registrar;
    this.announce = announce;
    this.loop = loop;
  }

  /// Whether it takes a step now. Asked before the step is made.
  boolean accepts() {
    return !closed && pending.size() < MAX_PENDING;
  }

  /// Takes a step that the registrar just made.
  void add(RegisterStep step, Consumer<Outcome> then) {
    pending.add(new Pending(step, then));
    writeNext();
  }

  /// Waits until everything taken is answered; takes nothing more. Not on the loop.
  void close(Duration wait) {
    CountDownLatch idle = new CountDownLatch(1);
    loop.accept(() -> closeWhenIdle(idle));
    try {
      if (!idle.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("registrar.store-timeout");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    thread.shutdown();
  }

  private void closeWhenIdle(CountDownLatch idle) {
    closed = true;
    whenIdle.add(idle::countDown);
    writeNext();
  }

  private void writeNext() {
    if (writing) {
      return;
    }
    List<Pending> batch = takeBatch();
    if (batch.isEmpty()) {
      whenIdle.forEach(Runnable::run);
      return;
    }
    List<BindingChange> changes =
        batch.stream().flatMap(one -> one.step().changes().stream()).toList();
    writing = true;
    if (changes.isEmpty()) {
      written(batch, Optional.empty());
    } else {
      thread.execute(() -> write(batch, changes));
    }
  }

  private List<Pending> takeBatch() {
    List<Pending> batch = new ArrayList<>();
    while (batch.size() < MAX_BATCH && !pending.isEmpty()) {
      batch.add(pending.remove());
    }
    return batch;
  }

  /// On the store's thread.
  private void write(List<Pending> batch, List<BindingChange> changes) {
    Optional<Throwable> failure = Optional.empty();
    try {
      store.write(changes);
    } catch (Throwable failed) {
      // Whatever it was, whoever waits must have an answer.
      failure = Optional.of(failed);
    }
    Optional<Throwable> how = failure;
    loop.accept(() -> written(batch, how));
  }

  /// Each step is shown and answered in turns of their own: one listener's bug must cost nobody the
  /// answer.
  private void written(List<Pending> batch, Optional<Throwable> failure) {
    writing = false;
    failure.ifPresentOrElse(cause -> takeBack(batch, cause), () -> batch.forEach(this::commit));
    loop.accept(this::writeNext);
  }

  private void commit(Pending done) {
    loop.accept(() -> announce.accept(registrar.commit(done.step())));
    loop.accept(() -> done.then().accept(done.step().outcome()));
  }

  /// Takes back what was not stored, and what waits for the same subscribers: it was judged by
  /// bindings that never came to be.
  private void takeBack(List<Pending> batch, Throwable cause) {
    log.atError()
        .setCause(cause)
        .addKeyValue("registrations", batch.size())
        .log("registrar.write-failed");
    Set<AddressOfRecord> subscribers = new HashSet<>();
    batch.forEach(one -> subscribers.add(one.step().subscriber()));
    List<Pending> refused = new ArrayList<>(batch);
    pending.stream()
        .filter(one -> subscribers.contains(one.step().subscriber()))
        .forEach(refused::add);
    pending.removeIf(one -> subscribers.contains(one.step().subscriber()));
    subscribers.forEach(registrar::undo);
    refused.forEach(one -> loop.accept(() -> answerUnavailable(one)));
  }

  private static void answerUnavailable(Pending one) {
    one.then().accept(RegistrarService.unavailable("storage unavailable"));
  }

  private record Pending(RegisterStep step, Consumer<Outcome> then) {}
}
