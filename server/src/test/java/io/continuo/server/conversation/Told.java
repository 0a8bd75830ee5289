package io.continuo.server.conversation;

import io.continuo.server.identity.ConversationId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// An append listener that a test waits for. Fails the test when it is told twice.
public final class Told implements ConversationLog.AppendListener {
  private static final long LIMIT_SECONDS = 60;

  private final CompletableFuture<Optional<StoreUnavailable>> outcome = new CompletableFuture<>();
  private final List<Object> order;
  private final Object name;

  public Told() {
    this(new CopyOnWriteArrayList<>(), "");
  }

  /// @param order gets `name` when this listener is told
  public Told(List<Object> order, Object name) {
    this.order = order;
    this.name = name;
  }

  /// Appends and waits for the commit.
  public static void append(
      ConversationLog log, ConversationId conversation, List<? extends Entry> entries) {
    List<Told> told = entries.stream().map(_ -> new Told()).toList();
    for (int i = 0; i < entries.size(); i++) {
      log.append(conversation, entries.get(i), told.get(i));
    }
    told.forEach(Told::awaitCommitted);
  }

  @Override
  public void committed() {
    tell(Optional.empty());
  }

  @Override
  public void failed(StoreUnavailable why) {
    tell(Optional.of(why));
  }

  private void tell(Optional<StoreUnavailable> what) {
    order.add(name);
    if (!outcome.complete(what)) {
      throw new AssertionError("told twice");
    }
  }

  public boolean isTold() {
    return outcome.isDone();
  }

  public void awaitCommitted() {
    outcome()
        .ifPresent(why -> {
          throw new AssertionError("failed: " + why.getMessage(), why);
        });
  }

  public StoreUnavailable awaitFailed() {
    return outcome().orElseThrow(() -> new AssertionError("committed"));
  }

  private Optional<StoreUnavailable> outcome() {
    return outcome.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}
