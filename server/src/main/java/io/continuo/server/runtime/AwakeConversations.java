package io.continuo.server.runtime;

import io.continuo.server.configuration.RuntimeSettings;
import io.continuo.server.identity.ConversationId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The conversations that are awake, and the loops that they live on. One is woken by its first
/// step, and put to sleep when nothing happens in it any more.
///
/// Threading: any thread; each step runs on its conversation's loop, which follows from its id.
final class AwakeConversations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AwakeConversations.class);

  /// How often conversations without work are looked for.
  private static final Duration SLEEP_CHECK = Duration.ofSeconds(30);

  /// How long somebody who looks waits for the loops.
  private static final Duration VIEW_WITHIN = Duration.ofMillis(500);

  /// How long a stop waits for the last step of each.
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final List<Loop> loops;
  private final BiFunction<ConversationId, Loop, ConversationProcess> make;
  private final ConcurrentMap<ConversationId, ConversationProcess> awake =
      new ConcurrentHashMap<>();

  /// What each loop showed last.
  private final ConcurrentMap<Loop, List<ConversationView>> shown = new ConcurrentHashMap<>();

  /// @param make a conversation that is about to read its log
  AwakeConversations(
      RuntimeSettings settings, BiFunction<ConversationId, Loop, ConversationProcess> make) {
    this.make = make;
    this.loops =
        IntStream.range(0, settings.loops())
            .mapToObj(number -> new Loop(number, settings.maxMailbox()))
            .toList();
    loops.forEach(this::putToSleepLater);
  }

  /// Steps that wait on the loop where most do.
  int mostWaiting() {
    return loops.stream().mapToInt(Loop::waiting).max().orElse(0);
  }

  boolean contains(ConversationId id) {
    return awake.containsKey(id);
  }

  /// A step that a peer starts: false when too many wait on its loop.
  boolean offer(ConversationId id, Consumer<ConversationProcess> step) {
    boolean[] taken = new boolean[1];
    with(id, process -> taken[0] = offer(process, step));
    return taken[0];
  }

  /// A step of our own.
  void post(ConversationId id, Consumer<ConversationProcess> step) {
    with(id, process -> post(process, step));
  }

  /// A step of our own for everyone.
  void postAll(Consumer<ConversationProcess> step) {
    awake.values().forEach(process -> post(process, step));
  }

  static boolean offer(ConversationProcess process, Consumer<ConversationProcess> step) {
    return process.loop().offer(() -> process.step(() -> step.accept(process)));
  }

  static void post(ConversationProcess process, Consumer<ConversationProcess> step) {
    process.loop().execute(() -> process.step(() -> step.accept(process)));
  }

  /// Inside compute, so that a conversation cannot be put to sleep between being found and getting
  /// its step.
  private void with(ConversationId id, Consumer<ConversationProcess> action) {
    awake.compute(
        id,
        (key, found) -> {
          ConversationProcess process = wake(key, found);
          action.accept(process);
          return process;
        });
  }

  /// One whose log could not be read is made anew: the store may be well again.
  private ConversationProcess wake(ConversationId id, @Nullable ConversationProcess found) {
    if (found != null && !found.isUnreadable()) {
      return found;
    }
    Loop loop = loops.get(Math.floorMod(id.value().hashCode(), loops.size()));
    ConversationProcess process = make.apply(id, loop);
    loop.execute(process::load);
    return process;
  }

  private void putToSleepLater(Loop loop) {
    loop.schedule(
        () -> {
          on(loop)
              .forEach(process ->
                  awake.computeIfPresent(process.id(), (_, same) -> same.isAsleep() ? null : same));
          putToSleepLater(loop);
        },
        SLEEP_CHECK);
  }

  private List<ConversationProcess> on(Loop loop) {
    return awake.values().stream().filter(process -> process.loop() == loop).toList();
  }

  /// All of them. Each loop is asked once and awaited for [#VIEW_WITHIN]; one that is busier shows
  /// what it showed last, so that a number never falls because its loop has much to do. Blocks.
  List<ConversationView> views() {
    CountDownLatch unanswered = new CountDownLatch(loops.size());
    for (Loop loop : loops) {
      loop.execute(() -> {
        shown.put(loop, on(loop).stream().map(ConversationProcess::view).toList());
        unanswered.countDown();
      });
    }
    await(unanswered, VIEW_WITHIN);
    return shown.values().stream().flatMap(List::stream).toList();
  }

  /// Runs a last step in each, then stops the loops. Blocks, at most [#STOP_WITHIN] and what a loop
  /// takes to stop.
  void close(Consumer<ConversationProcess> last) {
    List<ConversationProcess> all = List.copyOf(awake.values());
    CountDownLatch stopped = new CountDownLatch(all.size());
    all.forEach(process ->
        post(
            process,
            one -> {
              last.accept(one);
              stopped.countDown();
            }));
    if (!await(stopped, STOP_WITHIN)) {
      log.atWarn().addKeyValue("waiting", stopped.getCount()).log("conversations.stop-late");
    }
    close();
  }

  private static boolean await(CountDownLatch latch, Duration atMost) {
    try {
      return latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    loops.forEach(Loop::close);
  }
}
