package io.continuo.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Drives all conversations from one thread, so that the generator takes as little of the machine
/// as it can.
///
/// Threading: the caller's, from the first call to the last.
final class Selecting implements AutoCloseable {
  /// How long whatever is on its way may take when the load has ended.
  static final Duration DRAIN = Duration.ofSeconds(15);

  private static final long BIND_SECONDS = 15;

  private final Load load;
  private final ChatText text = new ChatText();
  private final Selector selector = Selector.open();
  private final List<Link> links = new ArrayList<>();
  private final List<Talk> talks = new ArrayList<>();
  private @Nullable Figures figures;
  private long sent;

  Selecting(Load load) throws IOException {
    this.load = load;
  }

  Load load() {
    return load;
  }

  ChatText text() {
    return text;
  }

  void accepted(long since) {
    Figures now = figures;
    if (now != null) {
      now.accepted(System.nanoTime() - since);
    }
  }

  void copied(long since) {
    Figures now = figures;
    if (now != null) {
      now.copied(System.nanoTime() - since);
    }
  }

  /// Binds a connection to its session.
  void bind(List<Link> made) throws IOException {
    Binding binding = new Binding();
    for (Link link : made) {
      link.registered(link.channel().register(selector, SelectionKey.OP_READ, link));
      links.add(link);
      link.tells(binding);
      link.probe("bind");
    }
    if (!turn(Duration.ofSeconds(BIND_SECONDS), () -> binding.bound == made.size(), () -> {})) {
      throw new IllegalStateException(
          (made.size() - binding.bound) + " MSRP sessions were not bound");
    }
  }

  private static final class Binding implements Link.Told {
    private int bound;

    @Override
    public void answered(String transaction, int status) {
      if (status != 200) {
        throw new IllegalStateException("a binding SEND was answered " + status);
      }
      bound++;
    }

    @Override
    public void received(byte[] bytes, int from, int to) {
      throw new IllegalStateException("a message before the load");
    }
  }

  void add(Talk talk) {
    talks.add(talk);
  }

  /// Puts the load on for some time.
  ///
  /// @param into what is counted; null: nothing is
  void load(Duration time, @Nullable Figures into) throws IOException {
    figures = into;
    long start = System.nanoTime();
    sent = 0;
    turn(time, () -> false, () -> feed(start));
    figures = null;
  }

  private void feed(long start) {
    if (load.rate() == 0) {
      long now = System.nanoTime();
      for (Talk talk : talks) {
        boolean room = true;
        while (room) {
          boolean alice = talk.send(0, now);
          room = talk.send(1, now) || alice;
        }
      }
      return;
    }
    long interval = 1_000_000_000L / load.rate();
    long due = start + sent * interval;
    while (due <= System.nanoTime() && sendNext(due)) {
      due += interval;
    }
  }

  /// Sends the next message in turn; a full window holds all that follow, and their time runs.
  private boolean sendNext(long due) {
    int phone = (int) (sent % (2L * talks.size()));
    boolean gone = talks.get(phone / 2).send(phone % 2, due);
    sent += gone ? 1 : 0;
    return gone;
  }

  /// Waits until everything sent has arrived, and asks every session whether there is more.
  ///
  /// @return whether it has, in time
  boolean drain() throws IOException {
    boolean quiet = turn(DRAIN, () -> talks.stream().allMatch(Talk::isQuiet), () -> {});
    talks.forEach(Talk::probe);
    return turn(DRAIN, () -> talks.stream().allMatch(Talk::isProbed), () -> {}) && quiet;
  }

  Talk.Faults faults() {
    return talks.stream().map(Talk::faults).reduce(Talk.Faults.NONE, Talk.Faults::plus);
  }

  private boolean turn(Duration limit, BooleanSupplier done, Runnable work) throws IOException {
    long start = System.nanoTime();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        return false;
      }
      work.run();
      for (Link link : links) {
        link.flush();
      }
      selector.select(1);
      for (SelectionKey ready : selector.selectedKeys()) {
        if (ready.isReadable() && ready.attachment() instanceof Link link) {
          link.read();
        }
      }
      selector.selectedKeys().clear();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (Link link : links) {
      link.channel().close();
    }
    selector.close();
  }
}
