package io.continuo.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One conversation: who writes what, and what has arrived where. Both phones write, all four
/// devices read.
///
/// Threading: the [Selecting] thread only.
final class Talk {
  /// The devices, in the order of `links`.
  private static final int ALICE_PHONE = 0;

  private static final int ALICE_TABLET = 1;
  private static final int BOB_PHONE = 2;
  private static final int BOB_TABLET = 3;

  /// Begins the transaction ids, which have at least four characters (RFC 4975 §9).
  private static final String SEND = "send";

  private final Selecting run;
  private final List<Link> links;
  private final Writer[] writers;
  private final Tally[][] tallies = new Tally[4][2];
  private final SameOrder tablets = new SameOrder();
  private long refused;
  private long changed;
  private int probes;

  /// @param links alice's phone and tablet, bob's phone and tablet
  Talk(int index, Selecting run, List<Link> links, String alice, String bob) {
    this.run = run;
    this.links = List.copyOf(links);
    Load load = run.load();
    writers =
        new Writer[] {
          new Writer(2 * index, links.get(ALICE_PHONE), alice, bob, load),
          new Writer(2 * index + 1, links.get(BOB_PHONE), bob, alice, load)
        };
    for (int device = 0; device < links.size(); device++) {
      Arrays.setAll(tallies[device], any -> new Tally());
      links.get(device).tells(new Device(device));
    }
  }

  /// A phone's messages that are under way.
  private static final class Writer {
    private final int index;
    private final Link link;
    private final String from;
    private final String to;
    private final int size;
    private final int[] missing;
    private final long[] sent;
    private long next;

    Writer(int index, Link link, String from, String to, Load load) {
      this.index = index;
      this.link = link;
      this.from = from;
      this.to = to;
      this.size = load.size();
      this.missing = new int[load.window()];
      this.sent = new long[load.window()];
    }

    int slot(long number) {
      return (int) (number % missing.length);
    }

    /// One of the answer and the copies of a message has come.
    void arrived(long number) {
      missing[slot(number)]--;
    }
  }

  /// Sends a message of one of the phones when its window has room.
  ///
  /// @param due when it should have gone, by [System#nanoTime]
  boolean send(int phone, long due) {
    Writer writer = writers[phone];
    int slot = writer.slot(writer.next);
    if (writer.missing[slot] > 0) {
      return false;
    }
    writer.missing[slot] = 1 + Load.COPIES;
    writer.sent[slot] = due;
    ChatText.Said said = new ChatText.Said(writer.index, writer.next, due);
    writer.link.send(
        SEND + writer.next, run.text().write(writer.from, writer.to, said, writer.size));
    writer.next++;
    return true;
  }

  /// Whether everything sent is accepted and has arrived everywhere.
  boolean isQuiet() {
    return Arrays.stream(writers).allMatch(w -> Arrays.stream(w.missing).allMatch(n -> n <= 0));
  }

  /// Asks every device's session for what may still be on its way.
  void probe() {
    probes = links.size();
    links.forEach(link -> link.probe("barrier"));
  }

  boolean isProbed() {
    return probes == 0;
  }

  List<Link> links() {
    return links;
  }

  private final class Device implements Link.Told {
    private final int device;

    Device(int device) {
      this.device = device;
    }

    @Override
    public void answered(String transaction, int status) {
      boolean last = transaction.indexOf(Link.CHUNK_MARK) < 0;
      refused += status == 200 ? 0 : 1;
      if (transaction.equals("barrier")) {
        probes--;
      } else if (last) {
        Writer writer = writers[device / 2];
        long number = Long.parseLong(transaction.substring(SEND.length()));
        run.accepted(writer.sent[writer.slot(number)]);
        writer.arrived(number);
      }
    }

    @Override
    public void received(byte[] bytes, int from, int to) {
      ChatText.Said said;
      try {
        said = run.text().read(bytes, from, to);
      } catch (IllegalStateException notAsWritten) {
        changed++;
        return;
      }
      received(said);
    }

    private void received(ChatText.Said said) {
      int phone = said.writer() - writers[0].index;
      if (phone < 0 || phone > 1 || 2 * phone == device) {
        changed++;
        return;
      }
      run.copied(said.sent());
      if (tallies[device][phone].take(said.number())) {
        writers[phone].arrived(said.number());
      }
      if (device == ALICE_TABLET || device == BOB_TABLET) {
        tablets.take(device == ALICE_TABLET, 2 * said.number() + phone);
      }
    }
  }

  /// What went wrong here.
  ///
  /// @param changed copies whose bytes were not what was written, or that nobody should have got
  record Faults(long refused, long changed, long lost, long duplicated, long outOfOrder) {
    static final Faults NONE = new Faults(0, 0, 0, 0, 0);

    Faults plus(Faults more) {
      return new Faults(
          refused + more.refused,
          changed + more.changed,
          lost + more.lost,
          duplicated + more.duplicated,
          outOfOrder + more.outOfOrder);
    }
  }

  Faults faults() {
    List<Faults> each = new ArrayList<>();
    each.add(new Faults(refused, changed, 0, 0, tablets.different()));
    for (int device = 0; device < tallies.length; device++) {
      for (int phone = 0; phone < writers.length; phone++) {
        if (2 * phone != device) {
          Tally tally = tallies[device][phone];
          long lost = tally.lost(writers[phone].next);
          each.add(new Faults(0, 0, lost, tally.duplicated(), tally.outOfOrder()));
        }
      }
    }
    return each.stream().reduce(Faults.NONE, Faults::plus);
  }
}
