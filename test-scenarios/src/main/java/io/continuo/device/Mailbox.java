package io.continuo.device;

import io.continuo.device.sip.NotInTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// What the device's user sees: messages filed as received or sent, each once, with their ticks;
/// and what happened that nobody has looked at yet.
///
/// Threading: any thread. Listeners are called under the mailbox's lock, in order.
public final class Mailbox {
  /// Happenings remembered after they were looked at; the oldest are forgotten first.
  static final int MAX_HISTORY = 10_000;

  private final List<Happening> unread = new ArrayList<>();
  private final Deque<Happening> history = new ArrayDeque<>();
  private final Map<String, ChatMessage> filed = new LinkedHashMap<>();
  private final Map<String, Integer> arrivals = new HashMap<>();
  private final Map<String, Map<String, Set<String>>> ticks = new HashMap<>();
  private final List<Consumer<Happening>> listeners = new ArrayList<>();

  /// Tells `listener` of what nobody has looked at yet, and of everything from now on, as it
  /// happens: the answer to a REGISTER and the invitations that it brings come together.
  public synchronized void listen(Consumer<Happening> listener) {
    List.copyOf(unread).forEach(listener);
    listeners.add(listener);
  }

  synchronized void put(Happening happening) {
    unread.add(happening);
    if (history.size() == MAX_HISTORY) {
      history.removeFirst();
    }
    history.add(happening);
    listeners.forEach(listener -> listener.accept(happening));
    notifyAll();
  }

  /// Files a message once; the second time it is only a repetition.
  synchronized void arrived(ChatMessage message) {
    arrivals.merge(message.id(), 1, Integer::sum);
    if (filed.putIfAbsent(message.id(), message) != null) {
      put(new Happening.Repeated(message.id(), message.text()));
    } else {
      put(message.own() ? new Happening.OwnCopy(message) : new Happening.Received(message));
    }
  }

  /// Files a message that this device sends.
  synchronized void sent(ChatMessage message) {
    filed.putIfAbsent(message.id(), message);
  }

  /// Takes a receipt.
  ///
  /// @param id of the receipt itself
  synchronized void arrived(String id, Happening.Receipt receipt) {
    if (arrivals.merge(id, 1, Integer::sum) > 1) {
      put(new Happening.Repeated(id, receipt.disposition() + " about " + receipt.about()));
      return;
    }
    ticks
        .computeIfAbsent(receipt.about(), message -> new LinkedHashMap<>())
        .computeIfAbsent(receipt.disposition(), disposition -> new LinkedHashSet<>())
        .add(receipt.from());
    put(receipt);
  }

  /// Takes the first unread happening of this kind that fits, waiting for it if need be.
  ///
  /// @param what said when it does not come
  public synchronized <T extends Happening> T take(
      Class<T> kind, Predicate<T> fits, Duration patience, String what) {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Optional<T> found = remove(kind, fits);
      if (found.isPresent()) {
        return found.get();
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new NotInTime(what, patience);
      }
      try {
        wait(left);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted waiting for " + what, stopped);
      }
    }
  }

  /// Takes the first unread happening of this kind that fits, if it is there already.
  public synchronized <T extends Happening> Optional<T> remove(Class<T> kind, Predicate<T> fits) {
    for (Iterator<Happening> all = unread.iterator(); all.hasNext(); ) {
      Happening happening = all.next();
      if (kind.isInstance(happening) && fits.test(kind.cast(happening))) {
        all.remove();
        return Optional.of(kind.cast(happening));
      }
    }
    return Optional.empty();
  }

  /// What nobody has taken.
  public synchronized List<Happening> unread() {
    return List.copyOf(unread);
  }

  /// Everything that happened, looked at or not, in order.
  public synchronized List<Happening> history() {
    return List.copyOf(history);
  }

  /// Messages from others, in order of arrival.
  public synchronized List<ChatMessage> received() {
    return filed.values().stream().filter(message -> !message.own()).toList();
  }

  /// Messages of the own subscriber, on this device or another, in order.
  public synchronized List<ChatMessage> sent() {
    return filed.values().stream().filter(ChatMessage::own).toList();
  }

  /// Everything, in order.
  public synchronized List<ChatMessage> messages() {
    return List.copyOf(filed.values());
  }

  /// How often a message or receipt came over the wire.
  public synchronized int arrivals(String messageId) {
    return arrivals.getOrDefault(messageId, 0);
  }

  /// Who reported what about a message: addresses by disposition.
  public synchronized Map<String, Set<String>> ticks(String messageId) {
    Map<String, Set<String>> copy = new LinkedHashMap<>();
    ticks.getOrDefault(messageId, Map.of()).forEach((what, who) -> copy.put(what, Set.copyOf(who)));
    return copy;
  }
}
