package io.continuo.device.ladder;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The ladder of everything that a group of devices said and heard, in the order they saw it.
/// Devices write, tests and drawings read.
///
/// Threading: any thread. Listeners are called one at a time, under the ladder's lock, in order.
public final class Ladder {
  /// Events kept; the oldest are forgotten first.
  static final int MAX_EVENTS = 20_000;

  private final String server;
  private final Deque<LadderEvent> events = new ArrayDeque<>();
  private final List<Consumer<LadderEvent>> listeners = new ArrayList<>();

  /// @param server the lane of everything that is not a device of ours
  public Ladder(String server) {
    this.server = server;
  }

  public String server() {
    return server;
  }

  /// Tells `listener` of every event from now on.
  public synchronized void listen(Consumer<LadderEvent> listener) {
    listeners.add(listener);
  }

  public synchronized void add(LadderEvent event) {
    if (events.size() == MAX_EVENTS) {
      events.removeFirst();
    }
    events.add(event);
    listeners.forEach(listener -> listener.accept(event));
  }

  /// A remark in one lane.
  public void note(String lane, String text) {
    add(new LadderEvent(Instant.now(), lane, lane, text, LadderEvent.Kind.NOTE));
  }

  /// A title between the events before and after.
  public void heading(String text) {
    add(new LadderEvent(Instant.now(), server, server, text, LadderEvent.Kind.HEADING));
  }

  public synchronized List<LadderEvent> events() {
    return List.copyOf(events);
  }

  /// The lanes seen so far, in order of appearance.
  public synchronized List<String> lanes() {
    Set<String> lanes = new LinkedHashSet<>();
    events.forEach(event -> {
      lanes.add(event.from());
      lanes.add(event.to());
    });
    return List.copyOf(lanes);
  }

  /// The pen of one device.
  public Lane lane(String device) {
    return new Lane(this, device);
  }

  /// Writes the events of one device.
  public record Lane(Ladder ladder, String device) {
    public void sent(LadderEvent.Kind kind, String label) {
      ladder.add(new LadderEvent(Instant.now(), device, ladder.server, label, kind));
    }

    public void received(LadderEvent.Kind kind, String label) {
      ladder.add(new LadderEvent(Instant.now(), ladder.server, device, label, kind));
    }

    public void note(String text) {
      ladder.note(device, text);
    }
  }
}
