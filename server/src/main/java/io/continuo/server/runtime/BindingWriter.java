package io.continuo.server.runtime;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
  private boolean asked;
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
    if (!writing && !asked) {
      asked = true;
      loop.accept(this::writeNext); // behind the steps that wait on the loop: they go with it
    }
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

  /// Whatever waits goes together. Nobody waits for company: one alone is written at once.
  private void writeNext() {
    asked = false;
    if (writing) {
      return;
    }
    List<Pending> batch = takeBatch();
    if (batch.isEmpty()) {
      whenIdle.forEach(Runnable::run);
      return;
    }
    writing = true;
    if (batch.stream().allMatch(one -> one.step().changes().isEmpty())) {
      written(Result.of(batch));
    } else {
      thread.execute(() -> write(batch));
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
  private void write(List<Pending> batch) {
    Result result = new Result();
    write(batch, result);
    loop.accept(() -> written(result));
  }

  /// What the store refuses for itself is found by halves: it costs the others some writes more and
  /// nothing else. A store that cannot write at all is not asked again for this batch.
  private void write(List<Pending> batch, Result result) {
    List<Pending> able = result.refuseThoseBehindFailed(batch);
    if (able.isEmpty()) {
      return;
    }
    try {
      store(able);
      result.stored.addAll(able);
    } catch (BindingRefused why) {
      if (able.size() == 1) {
        result.refuse(able.getFirst(), why);
      } else {
        write(able.subList(0, able.size() / 2), result);
        write(able.subList(able.size() / 2, able.size()), result);
      }
    } catch (Throwable failed) {
      // Whatever it was, whoever waits must have an answer.
      result.storeFailed = true;
      able.forEach(one -> result.refuse(one, failed));
    }
  }

  private void store(List<Pending> steps) throws StoreUnavailable, BindingRefused {
    List<BindingChange> changes = new ArrayList<>();
    steps.forEach(one -> changes.addAll(one.step().changes()));
    if (!changes.isEmpty()) {
      store.write(changes);
    }
  }

  private void written(Result result) {
    writing = false;
    result.stored.forEach(this::commit);
    takeBack(result);
    loop.accept(this::writeNext);
  }

  /// Shown and answered each by itself: one listener's bug must cost nobody the answer.
  private void commit(Pending done) {
    RegistrarService.guarded(() -> announce.accept(registrar.commit(done.step()))).run();
    RegistrarService.guarded(() -> done.then().accept(done.step().outcome())).run();
  }

  /// Takes back what was not stored, and what waits for the same subscribers: it was judged by
  /// bindings that never came to be.
  private void takeBack(Result result) {
    if (result.refused.isEmpty()) {
      return;
    }
    log.atError()
        .setCause(result.cause)
        .addKeyValue("registrations", result.refused.size())
        .log("registrar.write-failed");
    List<Pending> refused = new ArrayList<>(result.refused);
    pending.stream().filter(result::isBehindFailed).forEach(refused::add);
    pending.removeIf(result::isBehindFailed);
    result.failed.forEach(registrar::undo);
    refused.forEach(one -> RegistrarService.guarded(() -> answerUnavailable(one)).run());
  }

  private static void answerUnavailable(Pending one) {
    one.then().accept(RegistrarService.unavailable("storage unavailable"));
  }

  /// What came of a batch. Threading: made by the store's thread, then read by the loop.
  private static final class Result {
    private final List<Pending> stored = new ArrayList<>();
    private final List<Pending> refused = new ArrayList<>();
    private final Set<AddressOfRecord> failed = new HashSet<>();
    private boolean storeFailed;
    private @Nullable Throwable cause;

    static Result of(List<Pending> stored) {
      Result result = new Result();
      result.stored.addAll(stored);
      return result;
    }

    void refuse(Pending one, Throwable why) {
      refused.add(one);
      failed.add(one.step().subscriber());
      cause = why;
    }

    boolean isBehindFailed(Pending one) {
      return failed.contains(one.step().subscriber());
    }

    /// @return the others
    List<Pending> refuseThoseBehindFailed(List<Pending> batch) {
      List<Pending> others = new ArrayList<>();
      for (Pending one : batch) {
        if (storeFailed || isBehindFailed(one)) {
          refused.add(one);
          failed.add(one.step().subscriber());
        } else {
          others.add(one);
        }
      }
      return others;
    }
  }

  private record Pending(RegisterStep step, Consumer<Outcome> then) {}
}
