package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where every live record stands. Built at open from every segment's [SegmentCheckpoint] and a
/// scan of what comes behind it.
///
/// Also counts what is live in each segment. A tombstone is live as long as an older segment that
/// still exists holds records that it silences; without it they would come back at the next open.
///
/// Threading: any thread; every method holds the one lock, briefly; under it nothing touches the
/// disk but the renaming or deleting of a reclaimed file.
final class LogIndex {
  private final Map<ConversationId, Live> conversations = new LinkedHashMap<>();
  private final TreeMap<Integer, Usage> segments = new TreeMap<>();
  private final List<Tombstone> tombstones = new ArrayList<>();
  private final MessageHolders holders = new MessageHolders(MessageHolders.MAX_MESSAGES);
  private Set<Long> deadBodies = new HashSet<>();
  private boolean closed;

  /// A record to read.
  record Place(Segment segment, long offset, int size) {}

  /// The live records of one conversation; entry `n` stands at index `n - 1`.
  private static final class Live {
    private final ConversationId id;
    private final Positions entries = new Positions();

    /// Of what was noted of devices.
    private final Positions answers = new Positions();

    /// Numbers of the staged bodies that its entries refer to.
    private final Set<Long> bodies = new HashSet<>(0);

    /// By the key of a device, up to which entry it is owed nothing.
    private final Map<Long, Long> settled = new HashMap<>(0);

    /// Which entries let somebody in, by index: the opening, mostly nothing else.
    private int[] admitting = {};

    /// Where an entry is missing, if one is: allowed only in what a tombstone erases further on.
    private @Nullable String gap;

    /// The newest entry that goes to devices.
    private long newest;

    Live(ConversationId id) {
      this.id = id;
    }

    /// The position of the newest entry behind the first that lets somebody in, 0 for none.
    long newestJoin() {
      int newest = admitting.length == 0 ? 0 : admitting[admitting.length - 1];
      return newest == 0 ? 0 : entries.position(newest);
    }
  }

  /// @param silences older segments with records that must not come back
  private record Tombstone(long position, int size, Set<Integer> silences) {}

  private static final class Usage {
    private Segment segment;
    private long liveBytes;
    private long totalBytes;

    Usage(Segment segment) {
      this.segment = segment;
    }
  }

  /// Knows the segment from here on.
  synchronized void add(Segment segment) {
    segments.putIfAbsent(segment.number(), new Usage(segment));
  }

  /// Takes in one record, in log order.
  synchronized void add(RecordHead head, int segment, long offset, int size) {
    long position = Positions.position(segment, offset);
    Usage usage = usage(segment);
    usage.totalBytes += size;
    switch (head.kind()) {
      case OPENED,
          MESSAGE,
          STAGED_MESSAGE,
          DISPOSITION,
          STAGED_DISPOSITION,
          JOINED,
          LEFT,
          SESSION_ENDED -> {
        addEntry(head, position, size);
        usage.liveBytes += size;
      }
      case ANSWER, SETTLED, FORGOTTEN -> {
        Live live = conversations.get(head.conversation());
        if (live != null) { // else erased since: nobody needs it
          live.answers.add(position, size);
          usage.liveBytes += size;
          place(head, live);
        }
      }
      case TOMBSTONE -> erase(head.conversation(), position, size);
    }
  }

  private static void place(RecordHead head, Live live) {
    if (head.kind() == RecordKind.SETTLED) {
      live.settled.merge(head.key(), head.sequence(), Math::max);
    } else if (head.kind() == RecordKind.FORGOTTEN) {
      live.settled.remove(head.key());
    }
  }

  private void addEntry(RecordHead head, long position, int size) {
    Live live = conversations.computeIfAbsent(head.conversation(), Live::new);
    if (head.sequence() != live.entries.count() + 1L && live.gap == null) {
      live.gap =
          "%s: at offset %d: entry %d of conversation %s follows entry %d"
              .formatted(
                  usage(Positions.segment(position)).segment.path(),
                  Positions.offset(position),
                  head.sequence(),
                  head.conversation(),
                  live.entries.count());
    }
    live.entries.add(position, size);
    if (head.kind().admits()) {
      live.admitting = Arrays.copyOf(live.admitting, live.admitting.length + 1);
      live.admitting[live.admitting.length - 1] = live.entries.count() - 1;
    }
    if (head.kind().isStaged()) {
      live.bodies.add(head.body());
    }
    if (head.kind().isDelivered()) {
      live.newest = head.sequence();
    }
    if (head.kind().isMessage()) {
      holders.add(head.key(), live.id);
    }
  }

  private void erase(ConversationId conversation, long position, int size) {
    Live live = conversations.remove(conversation);
    if (live == null) {
      return;
    }
    deadBodies.addAll(live.bodies);
    Set<Integer> silences = new HashSet<>();
    dropped(live.entries, silences);
    dropped(live.answers, silences);
    silences.remove(Positions.segment(position));
    if (!silences.isEmpty()) {
      tombstones.add(new Tombstone(position, size, silences));
      usage(Positions.segment(position)).liveBytes += size;
    }
  }

  private void dropped(Positions positions, Set<Integer> touched) {
    for (int i = 0; i < positions.count(); i++) {
      int segment = Positions.segment(positions.position(i));
      usage(segment).liveBytes -= positions.size(i);
      touched.add(segment);
    }
  }

  private Usage usage(int segment) {
    Usage usage = segments.get(segment);
    if (usage == null) {
      throw new IllegalStateException("no segment " + segment);
    }
    return usage;
  }

  /// When the whole log has been taken in: of what was erased some may be reclaimed and some still
  /// there, but what lives has every entry.
  ///
  /// @throws StoreUnavailable when a conversation lacks one; says where
  synchronized void requireWhole() throws StoreUnavailable {
    for (Live live : conversations.values()) {
      if (live.gap != null) {
        throw new StoreUnavailable(live.gap);
      }
    }
  }

  /// The sequence number of the conversation's last committed entry, 0 when it has none.
  synchronized long lastSequence(ConversationId conversation) {
    Live live = conversations.get(conversation);
    return live == null ? 0 : live.entries.count();
  }

  synchronized List<ConversationId> conversations() {
    return List.copyOf(conversations.keySet());
  }

  /// Conversations with a message of this key.
  synchronized List<ConversationId> conversationsWith(long messageKey) {
    return holders.of(messageKey).stream().filter(conversations::containsKey).toList();
  }

  /// Whether an entry came since all was settled for the device of this key.
  synchronized boolean mayOwe(ConversationId conversation, long deviceKey) {
    Live live = conversations.get(conversation);
    return live != null && live.newest > live.settled.getOrDefault(deviceKey, 0L);
  }

  /// Entries from this sequence number on, at most so many.
  synchronized List<Place> entries(ConversationId conversation, long from, int max) {
    Live live = conversations.get(conversation);
    List<Place> places = new ArrayList<>();
    if (live != null && from <= live.entries.count()) {
      int first = (int) Math.max(0, from - 1);
      for (int i = first; i < live.entries.count() && places.size() < max; i++) {
        places.add(place(live.entries, i));
      }
    }
    return places;
  }

  /// The entries that let somebody in, in log order.
  synchronized List<Place> admitting(ConversationId conversation) {
    Live live = conversations.get(conversation);
    return live == null
        ? List.of()
        : Arrays.stream(live.admitting).mapToObj(index -> place(live.entries, index)).toList();
  }

  /// Conversations with an entry behind their first that lets somebody in, the newest such entry
  /// first; at most so many.
  synchronized List<ConversationId> joinedLast(int max) {
    return conversations.values().stream()
        .filter(live -> live.newestJoin() > 0)
        .sorted(Comparator.comparingLong(Live::newestJoin).reversed())
        .limit(max)
        .map(live -> live.id)
        .toList();
  }

  /// Entries and answers of the conversation, in log order.
  synchronized List<Place> records(ConversationId conversation) {
    Live live = conversations.get(conversation);
    List<Place> places = new ArrayList<>();
    if (live == null) {
      return places;
    }
    Positions entries = live.entries;
    Positions answers = live.answers;
    int next = 0;
    for (int i = 0; i < entries.count(); i++) {
      while (next < answers.count() && answers.position(next) < entries.position(i)) {
        places.add(place(answers, next++));
      }
      places.add(place(entries, i));
    }
    while (next < answers.count()) {
      places.add(place(answers, next++));
    }
    return places;
  }

  private Place place(Positions positions, int index) {
    long position = positions.position(index);
    return new Place(
        usage(Positions.segment(position)).segment,
        Positions.offset(position),
        positions.size(index));
  }

  /// Staged bodies of conversations that were erased since the last call.
  synchronized Set<Long> takeDeadBodies() {
    Set<Long> dead = deadBodies;
    deadBodies = new HashSet<>();
    return dead;
  }

  /// Every staged body that a live record refers to.
  synchronized Set<Long> bodies() {
    Set<Long> bodies = new HashSet<>();
    conversations.values().forEach(live -> bodies.addAll(live.bodies));
    return bodies;
  }

  synchronized boolean refersTo(ConversationId conversation, long body) {
    Live live = conversations.get(conversation);
    return live != null && live.bodies.contains(body);
  }

  /// Segments of at most half live records, without the one that is written to.
  synchronized List<Segment> mostlyDead() {
    List<Segment> dead = new ArrayList<>();
    for (Usage usage : segments.values()) {
      boolean active = usage.segment.number() == segments.lastKey();
      if (!active && usage.liveBytes <= usage.totalBytes / 2) {
        dead.add(usage.segment);
      }
    }
    return dead;
  }

  synchronized boolean isEmpty(Segment segment) {
    return usage(segment.number()).liveBytes == 0;
  }

  /// Whether this record is still wanted.
  synchronized boolean isLive(RecordHead head, long position) {
    if (head.kind() == RecordKind.TOMBSTONE) {
      return tombstones.stream().anyMatch(tombstone -> tombstone.position() == position);
    }
    Live live = conversations.get(head.conversation());
    return live != null && (live.entries.contains(position) || live.answers.contains(position));
  }

  /// Deletes a segment without live records; tombstones that silenced only its records are no
  /// longer needed.
  synchronized void remove(Segment segment, FileStep delete) throws IOException {
    segment.retire();
    delete.run();
    segments.remove(segment.number());
    tombstones.removeIf(tombstone -> Positions.segment(tombstone.position()) == segment.number());
    nothingDeadIn(segment.number());
  }

  /// Puts a rewritten segment in the place of `from`: the records that were moved stand at new
  /// offsets. What was erased meanwhile stays erased.
  synchronized void replace(
      Segment from, Segment to, Collection<Moved> moves, long totalBytes, FileStep rename)
      throws IOException {
    Usage usage = usage(to.number());
    from.retire();
    try {
      rename.run();
    } catch (IOException e) {
      usage.segment = new Segment(from.path(), from.number(), from.salt());
      throw e;
    }
    usage.segment = to;
    usage.totalBytes = totalBytes;
    for (Moved moved : moves) {
      move(moved, to.number());
    }
    if (usage.liveBytes == totalBytes) {
      nothingDeadIn(to.number());
    }
  }

  private void move(Moved moved, int segment) {
    long from = Positions.position(segment, moved.from());
    long to = Positions.position(segment, moved.to());
    Live live = conversations.get(moved.head().conversation());
    if (moved.head().kind() == RecordKind.TOMBSTONE) {
      tombstones.replaceAll(tombstone ->
          tombstone.position() == from
              ? new Tombstone(to, tombstone.size(), tombstone.silences())
              : tombstone);
    } else if (live != null) {
      live.entries.move(from, to);
      live.answers.move(from, to);
    }
  }

  private void nothingDeadIn(int segment) {
    for (Iterator<Tombstone> all = tombstones.iterator(); all.hasNext(); ) {
      Tombstone tombstone = all.next();
      if (tombstone.silences().remove(segment) && tombstone.silences().isEmpty()) {
        usage(Positions.segment(tombstone.position())).liveBytes -= tombstone.size();
        all.remove();
      }
    }
  }

  /// Closes the readers' files; reading fails from here on.
  synchronized void close() throws IOException {
    closed = true;
    for (Usage usage : segments.values()) {
      usage.segment.retire();
    }
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// What happens to a file while nobody can look up a place in it.
  @FunctionalInterface
  interface FileStep {
    void run() throws IOException;
  }

  /// A record that a rewrite kept, at its old and new offset.
  record Moved(RecordHead head, long from, long to) {}
}
