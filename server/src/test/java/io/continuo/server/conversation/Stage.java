package io.continuo.server.conversation;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Plays everything around one conversation: the clock, the store and the devices. Single-threaded
/// and instant; what the store does can be held back.
final class Stage {
  static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@ims.example");
  static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@ims.example");
  static final AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@ims.example");

  /// Entries that the played store gives at one reading.
  static final int READ_AT_ONCE = 20;

  final List<LogRecord> disk = new ArrayList<>();
  final Map<Counted, Integer> counted = new HashMap<>();
  final List<ConversationEffect.Appended> appended = new ArrayList<>();
  final List<ConversationEffect> effects = new ArrayList<>();
  private final Deque<Entry> writing = new ArrayDeque<>();
  private final Map<LegId, PlayedDevice> legs = new LinkedHashMap<>();
  private final Deque<ConversationEvent> mailbox = new ArrayDeque<>();
  private final ConversationId id = new ConversationId("p-stage");
  private final ImdnSettings imdn;
  private Conversation conversation;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean holding;
  private final List<ConversationEffect.Read> reading = new ArrayList<>();
  private boolean readingFails;
  private boolean readingIsSlow;
  private boolean running;
  private int ids;
  private int legCount;
  int readings;

  Stage() {
    this(ImdnSettings.DEFAULT);
  }

  Stage(ImdnSettings imdn) {
    this.imdn = imdn;
    conversation = new Conversation(id, SessionSettings.DEFAULT, imdn, this::nextId);
  }

  static Stage oneToOne() {
    Stage stage = new Stage();
    stage.tell(new ConversationEvent.Open(false, List.of(ALICE, BOB)));
    return stage;
  }

  static Stage group() {
    Stage stage = new Stage();
    stage.tell(new ConversationEvent.Open(true, List.of(ALICE, BOB, CAROL)));
    return stage;
  }

  private String nextId() {
    ids++;
    return "server-id-" + ids;
  }

  Conversation conversation() {
    return conversation;
  }

  PlayedDevice device(AddressOfRecord owner, String instance) {
    return new PlayedDevice(this, new DeviceId(owner, instance));
  }

  LegId nextLeg(PlayedDevice device) {
    legCount++;
    LegId leg = new LegId("leg-" + legCount);
    legs.put(leg, device);
    return leg;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /// Tells the conversation, and plays on until nothing happens by itself any more.
  void tell(ConversationEvent event) {
    mailbox.addLast(event);
    if (running) {
      return;
    }
    running = true;
    try {
      while (!mailbox.isEmpty()) {
        now = now.plusMillis(1);
        List<ConversationEffect> out = conversation.on(mailbox.removeFirst(), now);
        effects.addAll(out);
        out.forEach(this::play);
      }
    } finally {
      running = false;
    }
  }

  private void play(ConversationEffect effect) {
    switch (effect) {
      case ConversationEffect.Append append -> write(append.entry());
      case ConversationEffect.Note note -> disk.add(note.told());
      case ConversationEffect.Respond respond -> respond.reply().answer(respond.result());
      case ConversationEffect.Deliver deliver -> legs.get(deliver.leg()).delivered(deliver);
      case ConversationEffect.Relay relay -> legs.get(relay.leg()).relayed(relay);
      case ConversationEffect.Read read -> read(read);
      case ConversationEffect.Appended each -> appended.add(each);
      case ConversationEffect.Count count -> counted.merge(count.what(), 1, Integer::sum);
    }
  }

  // The store

  private void write(Entry entry) {
    writing.addLast(entry);
    if (!holding) {
      commitsOne();
    }
  }

  private void commitsOne() {
    Entry entry = writing.removeFirst();
    disk.add(entry);
    tell(new ConversationEvent.Committed(entry.sequence()));
  }

  private void read(ConversationEffect.Read read) {
    readings++;
    reading.add(read);
    if (!readingIsSlow) {
      storeReads(0);
    }
  }

  /// Readings are done when the test says so.
  void readingIsSlow(boolean slow) {
    readingIsSlow = slow;
    while (!slow && !reading.isEmpty()) {
      storeReads(0);
    }
  }

  int reading() {
    return reading.size();
  }

  void storeReads(int which) {
    ConversationEffect.Read read = reading.remove(which);
    List<Entry> found =
        disk.stream()
            .filter(Entry.class::isInstance)
            .map(Entry.class::cast)
            .filter(entry -> !readingFails && entry.sequence() >= read.from())
            .limit(READ_AT_ONCE)
            .toList();
    tell(new ConversationEvent.ReadBack(read.leg(), read.from(), found));
  }

  void storeHolds() {
    holding = true;
  }

  int writing() {
    return writing.size();
  }

  void storeCommitsOne() {
    commitsOne();
  }

  void storeCommits() {
    holding = false;
    while (!writing.isEmpty()) {
      commitsOne();
    }
  }

  /// Every append under way fails, as the store's contract has it.
  void storeFails() {
    while (!writing.isEmpty()) {
      storeFailsOne();
    }
  }

  void storeFailsOne() {
    tell(new ConversationEvent.AppendFailed(writing.removeFirst().sequence(), "disk full"));
  }

  void readingFails(boolean fails) {
    readingFails = fails;
  }

  /// The process dies: what was not written is lost, and no leg is left.
  void restarts() {
    writing.clear();
    reading.clear();
    holding = false;
    mailbox.clear();
    legs.values().forEach(PlayedDevice::lostItsLeg);
    legs.clear();
    conversation =
        Conversation.restore(id, SessionSettings.DEFAULT, imdn, this::nextId, List.copyOf(disk));
  }

  int count(Counted what) {
    return counted.getOrDefault(what, 0);
  }

  static byte[] cpim(String from, String to, String id, String contentType, byte[] content) {
    CpimMessage.Builder builder = CpimMessage.builder().from(from).to(to);
    if (!id.isEmpty()) {
      builder.imdn("Message-ID", id);
    }
    return builder.content(contentType, content).build().toBytes();
  }
}
