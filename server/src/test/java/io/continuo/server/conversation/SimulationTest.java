package io.continuo.server.conversation;

import static io.continuo.server.conversation.Stage.ALICE;
import static io.continuo.server.conversation.Stage.BOB;
import static io.continuo.server.conversation.Stage.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Seeded chaos: three subscribers with two devices each write, report, join, leave, attach, drop,
/// answer late, twice or never, while the store is slow or fails and the process dies. At the end
/// every device has what it may see, in log order, each entry once but for lost answers.
class SimulationTest {
  private static final int SEEDS = 60;
  private static final int STEPS = 400;

  @Test
  void everyDeviceGetsEverythingItMaySeeOnceAndInOrder() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        new Run(seed).plays();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void theSimulationReachesWhatItIsMeantToReach() {
    Map<String, Integer> seen = new HashMap<>();
    for (long seed = 1; seed <= 20; seed++) {
      Run run = new Run(seed);
      run.plays();
      run.stage.counted.forEach((what, n) -> seen.merge(what.name(), n, Integer::sum));
      seen.merge("READ", run.stage.readings, Integer::sum);
      seen.merge("RESTART", run.restarts, Integer::sum);
    }
    assertThat(seen.keySet())
        .contains(
            "READ",
            "RESTART",
            "MESSAGE_ACCEPTED",
            "DISPOSITION_ACCEPTED",
            "DISPOSITION_NOT_FORWARDED",
            "DUPLICATE_SUPPRESSED",
            "STALE_ANSWER",
            "SUBMISSION_UNAVAILABLE",
            "SUBMISSION_REFUSED",
            "MEMBERSHIP_CHANGE_LOST");
  }

  private static final class Run {
    final Stage stage = new Stage();
    private final Random random;
    private final List<PlayedDevice> devices = new ArrayList<>();
    private final Map<PlayedDevice, Integer> checked = new HashMap<>();
    private final Map<DeviceId, Set<Long>> answered = new HashMap<>();
    private final Map<PlayedDevice, Map<Long, byte[]>> bodies = new HashMap<>();
    private final Map<String, PlayedDevice.Sent> sent = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> membership = new ArrayList<>();
    private int looked;
    private int lookedForAnswers;
    int restarts;
    private int messages;

    Run(long seed) {
      random = new Random(seed);
      for (AddressOfRecord owner : List.of(ALICE, BOB, CAROL)) {
        for (String instance : List.of("phone", "tablet")) {
          devices.add(stage.device(owner, instance).staysSilent());
        }
      }
      stage.tell(new ConversationEvent.Open(true, List.of(ALICE, BOB, CAROL)));
      stage.storeHolds();
      stage.readingIsSlow(true);
    }

    void plays() {
      for (int step = 0; step < STEPS; step++) {
        step();
        devices.forEach(this::checkNewDeliveries);
        noteAnswers();
      }
      settles();
      devices.forEach(this::checkComplete);
      checkAnswersToSenders();
    }

    private void step() {
      PlayedDevice device = devices.get(random.nextInt(devices.size()));
      switch (random.nextInt(100)) {
        case 0 -> dies();
        case 1 -> stage.tell(new ConversationEvent.Leave(device.owner()));
        case 2, 3 -> stage.tell(new ConversationEvent.Open(true, List.of(device.owner())));
        case 4 -> stage.storeFails();
        case 5, 6, 7, 8 -> device.attaches(profile());
        case 9, 10 -> detaches(device);
        case 11, 12 -> repeats(device);
        case 13 -> device.probes();
        case 14 -> burst(device);
        default -> {
          switch (random.nextInt(6)) {
            case 0 -> says(device);
            case 1 -> reports(device);
            case 2, 3 -> commits();
            case 4 -> reads();
            default -> answers(device);
          }
        }
      }
    }

    private LegProfile profile() {
      return new LegProfile(List.of("*"), List.of(), Long.MAX_VALUE, 1 + random.nextInt(5));
    }

    private void says(PlayedDevice device) {
      messages++;
      sent.put("m" + messages, device.sends("m" + messages, "text " + messages));
    }

    /// More than the tail holds in memory, so that some devices have to read.
    private void burst(PlayedDevice device) {
      for (int i = 0; i < 100; i++) {
        says(device);
      }
      commits();
    }

    private void repeats(PlayedDevice device) {
      if (messages > 0) {
        String id = "m" + (1 + random.nextInt(messages));
        device.sends(id, "text " + id);
      }
    }

    private void reports(PlayedDevice device) {
      if (messages > 0) {
        String disposition = List.of("delivered", "displayed", "failed").get(random.nextInt(3));
        device.reports(disposition, "m" + (1 + random.nextInt(messages)));
      }
    }

    private void commits() {
      for (int n = random.nextInt(120); n > 0 && stage.writing() > 0; n--) {
        stage.storeCommitsOne();
      }
    }

    private void reads() {
      if (stage.reading() > 0) {
        stage.storeReads(random.nextInt(stage.reading()));
      }
    }

    private void detaches(PlayedDevice device) {
      if (device.isAttached()) {
        device.detaches();
      }
    }

    /// Any delivery it ever got: late, twice, or on a leg of the past.
    private void answers(PlayedDevice device) {
      for (int n = random.nextInt(8); n > 0 && !device.received.isEmpty(); n--) {
        int back = Math.min(device.received.size(), 1 + random.nextInt(10));
        ConversationEffect.Deliver delivery = device.received.get(device.received.size() - back);
        boolean unreachable = random.nextInt(20) == 0;
        device.answersWith(
            unreachable ? new DeliveryOutcome.Unreachable(408) : new DeliveryOutcome.Delivered());
        device.answers(delivery);
        device.answersWith(new DeliveryOutcome.Delivered());
        checkNewDeliveries(device);
        noteAnswers();
      }
    }

    /// What was not written is lost, and so are some answers that were to be written lazily.
    private void dies() {
      restarts++;
      stage.disk.removeIf(each -> each instanceof Answer && random.nextInt(10) == 0);
      stage.restarts();
      stage.storeHolds();
      entries.clear();
      membership.clear();
      looked = 0;
      answered.clear();
      lookedForAnswers = 0;
      noteAnswers();
    }

    private void settles() {
      stage.storeCommits();
      stage.readingIsSlow(false);
      devices.forEach(PlayedDevice::answersAgain);
      devices.forEach(device -> device.attaches(profile()));
      devices.forEach(this::checkNewDeliveries);
    }

    // What must hold

    private void checkNewDeliveries(PlayedDevice device) {
      Set<Long> before = answered.getOrDefault(device.id, Set.of());
      Map<Long, byte[]> first = bodies.computeIfAbsent(device, _ -> new HashMap<>());
      for (int i = checked.getOrDefault(device, 0); i < device.received.size(); i++) {
        ConversationEffect.Deliver delivery = device.received.get(i);
        Entry entry = entry(delivery.sequence());
        assertThat(mayGet(device, entry)).as("%s may get %s", device.id, entry).isTrue();
        assertThat(before.contains(entry.sequence())).as("%s sent again", entry).isFalse();
        first.putIfAbsent(delivery.sequence(), delivery.body().whole());
        assertThat(delivery.body().whole()).isEqualTo(first.get(delivery.sequence()));
      }
      checked.put(device, device.received.size());
    }

    /// What was answered, and written, before the step that follows.
    private void noteAnswers() {
      for (; lookedForAnswers < stage.disk.size(); lookedForAnswers++) {
        if (stage.disk.get(lookedForAnswers) instanceof Answer answer) {
          answered.computeIfAbsent(answer.device(), _ -> new HashSet<>()).add(answer.sequence());
        }
      }
    }

    private void checkComplete(PlayedDevice device) {
      List<Long> firstSightings =
          device.received.stream().map(ConversationEffect.Deliver::sequence).distinct().toList();
      assertThat(firstSightings).as("order at %s", device.id).isSorted();
      if (isIn(device.owner())) {
        List<Long> due =
            entries().stream().filter(e -> mayGet(device, e)).map(Entry::sequence).toList();
        assertThat(firstSightings).as("received by %s", device.id).isEqualTo(due);
        assertThat(device.has).as("had by %s", device.id).containsAll(due);
        assertThat(stage.conversation().owesTo(device.id, device.owner())).isFalse();
      }
    }

    private void checkAnswersToSenders() {
      List<String> logged =
          entries().stream()
              .filter(Entry.Message.class::isInstance)
              .map(e -> ((Entry.Message) e).sender() + " " + ((Entry.Message) e).messageId())
              .toList();
      assertThat(logged).doesNotHaveDuplicates();
      List<Long> sequences = entries().stream().map(Entry::sequence).toList();
      assertThat(sequences).isEqualTo(LongStream.rangeClosed(1, sequences.size()).boxed().toList());
      sent.forEach((id, one) -> {
        assertThat(one.results).hasSizeLessThanOrEqualTo(1);
        if (one.results.contains(new SubmitResult.Accepted())) {
          assertThat(logged).anyMatch(each -> each.endsWith(" " + id));
        }
      });
    }

    // An oracle of its own: walks the log, knows nothing of intervals

    private List<Entry> entries() {
      for (; looked < stage.disk.size(); looked++) {
        if (stage.disk.get(looked) instanceof Entry entry) {
          entries.add(entry);
          if (!(entry instanceof Entry.Message || entry instanceof Entry.Disposition)) {
            membership.add(entry);
          }
        }
      }
      return entries;
    }

    private Entry entry(long sequence) {
      return entries().get((int) sequence - 1);
    }

    private boolean mayGet(PlayedDevice device, Entry entry) {
      AddressOfRecord owner = device.owner();
      return switch (entry) {
        case Entry.Message message ->
            wasIn(owner, entry.sequence()) && !message.senderDevice().equals(device.id);
        case Entry.Disposition receipt ->
            wasIn(owner, entry.sequence())
                && receipt.forwarded()
                && !receipt.reporterDevice().equals(device.id)
                && (owner.equals(receipt.reporter()) || owner.equals(receipt.toSubscriber()));
        case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> false;
      };
    }

    private boolean isIn(AddressOfRecord subscriber) {
      return wasIn(subscriber, Long.MAX_VALUE);
    }

    private boolean wasIn(AddressOfRecord subscriber, long sequence) {
      boolean in = false;
      entries();
      for (Entry each : membership) {
        if (each.sequence() > sequence) {
          break;
        }
        in =
            switch (each) {
              case Entry.Opened opened -> opened.participants().contains(subscriber);
              case Entry.Joined joined -> in || joined.subscriber().equals(subscriber);
              case Entry.Left left -> in && !left.subscriber().equals(subscriber);
              case Entry.Message _, Entry.Disposition _, Entry.SessionEnded _ -> in;
            };
      }
      return in;
    }
  }
}
