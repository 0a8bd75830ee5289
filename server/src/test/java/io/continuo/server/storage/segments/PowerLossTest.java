package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyBytes;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationLog.AppendListener;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.identity.ConversationId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes at any moment and takes any part of what was not synced: nothing acknowledged is
/// missing, nothing erased comes back, and the store opens and goes on.
class PowerLossTest {
  private static final int SEEDS = 12;
  private static final int STEPS = 60;
  private static final int LOSSES_A_SEED = 25;
  private static final int CONVERSATIONS = 4;
  private static final int SMALL_SEGMENT = 4_000;

  @TempDir Path directory;

  /// What was promised of a conversation.
  ///
  /// @param life counts how often it began anew
  /// @param entries acknowledged in this life
  /// @param erasing whether it is being erased, so that it may be there or not
  private record Promise(int life, long entries, boolean erasing) {}

  /// What one loss of power left, and what had been promised when it came.
  private record Loss(Map<Path, byte[]> left, Map<ConversationId, Promise> promised) {}

  private final Map<ConversationId, Promise> promised = new HashMap<>();
  private final Map<ConversationId, Long> appended = new HashMap<>();
  private final List<Loss> losses = new ArrayList<>();

  @Test
  void nothingAcknowledgedIsMissingWhateverThePowerTakes() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      Path run = Files.createDirectories(directory.resolve("run-" + seed));
      promised.clear();
      appended.clear();
      losses.clear();
      play(run, seed);
      assertThat(losses).as("seed %d", seed).hasSize(LOSSES_A_SEED);
      for (int i = 0; i < losses.size(); i++) {
        Path after = Files.createDirectories(directory.resolve("loss-" + seed + "-" + i));
        put(losses.get(i), run, after);
        assertKept(after, losses.get(i).promised(), "seed " + seed + ", loss " + i);
      }
    }
  }

  private void play(Path run, int seed) throws Exception {
    Random random = new Random(seed);
    Random moments = new Random(-seed);
    PowerLossDisk[] disk = new PowerLossDisk[1];
    disk[0] = new PowerLossDisk(() -> maybeLose(disk[0], moments));
    SegmentLog log = open(run, disk[0]);
    List<Told> waiting = new ArrayList<>();
    // The log writes together what waits, so how often it writes in a step depends on the machine.
    for (int step = 0; step < STEPS || !allLost(); step++) {
      ConversationId conversation = new ConversationId("g-" + random.nextInt(CONVERSATIONS));
      switch (random.nextInt(12)) {
        case 0 -> {
          waiting.forEach(Told::awaitCommitted);
          erase(log, conversation);
        }
        case 1 -> {
          log.close();
          log = open(run, disk[0]);
        }
        default -> {
          for (int burst = random.nextInt(4); burst >= 0; burst--) {
            waiting.add(append(log, conversation));
          }
        }
      }
      if (random.nextBoolean()) {
        waiting.forEach(Told::awaitCommitted);
      }
    }
    log.close();
  }

  private Told append(SegmentLog log, ConversationId conversation) {
    int life;
    long sequence;
    synchronized (promised) {
      Promise known = promised.computeIfAbsent(conversation, _ -> new Promise(1, 0, false));
      life = known.life();
      sequence = appended.merge(conversation, 1L, Long::sum);
    }
    Told told = new Told();
    log.append(
        conversation,
        entry(log, life, sequence),
        new AppendListener() {
          @Override
          public void committed() {
            synchronized (promised) {
              promised.put(conversation, new Promise(life, sequence, false));
            }
            told.committed();
          }

          @Override
          public void failed(StoreUnavailable why) {
            told.failed(why);
          }
        });
    return told;
  }

  /// Every fourteenth was uploaded in pieces before, and so was one that nothing refers to.
  private static Entry entry(SegmentLog log, int life, long sequence) {
    Entry.Message inMemory = (Entry.Message) message(sequence, text(life, sequence));
    if (sequence % 14 != 0) {
      return inMemory;
    }
    byte[] bytes = inMemory.body().whole();
    uploaded(log, bytes);
    return new Entry.Message(
        sequence,
        inMemory.at(),
        inMemory.sender(),
        inMemory.senderDevice(),
        inMemory.messageId(),
        inMemory.contentType(),
        uploaded(log, bytes),
        inMemory.anonymous());
  }

  private static Body uploaded(SegmentLog log, byte[] bytes) {
    var told = new CompletableFuture<Body>();
    BodyStaging.Upload upload =
        log.staging()
            .begin(
                new BodyStaging.Listener() {
                  @Override
                  public void written(long written) {}

                  @Override
                  public void sealed(Body body) {
                    told.complete(body);
                  }

                  @Override
                  public void failed(StoreUnavailable why) {
                    told.completeExceptionally(why);
                  }
                });
    int half = bytes.length / 2;
    upload.write(half, Arrays.copyOfRange(bytes, half, bytes.length));
    upload.write(0, Arrays.copyOf(bytes, half));
    upload.seal(bytes.length);
    return told.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private void erase(SegmentLog log, ConversationId conversation) throws StoreUnavailable {
    int life;
    synchronized (promised) {
      Promise known = promised.getOrDefault(conversation, new Promise(0, 0, false));
      life = known.life();
      promised.put(conversation, new Promise(life, 0, true));
    }
    log.erase(conversation);
    synchronized (promised) {
      appended.remove(conversation);
      promised.put(conversation, new Promise(life + 1, 0, false));
    }
  }

  private boolean allLost() {
    synchronized (promised) {
      return losses.size() == LOSSES_A_SEED;
    }
  }

  private void maybeLose(PowerLossDisk disk, Random moments) {
    synchronized (promised) {
      if (losses.size() < LOSSES_A_SEED && moments.nextInt(6) == 0) {
        losses.add(new Loss(disk.lose(moments), Map.copyOf(promised)));
      }
    }
  }

  private static void put(Loss loss, Path from, Path to) throws Exception {
    Files.createDirectories(to.resolve("log").resolve("bodies"));
    for (Map.Entry<Path, byte[]> file : loss.left().entrySet()) {
      Files.write(to.resolve(from.relativize(file.getKey())), file.getValue());
    }
  }

  private static void assertKept(Path directory, Map<ConversationId, Promise> promised, String when)
      throws Exception {
    try (SegmentLog log = open(directory, Disk.REAL)) {
      for (Map.Entry<ConversationId, Promise> each : promised.entrySet()) {
        List<Entry> entries = log.read(each.getKey(), 1, 1_000, Long.MAX_VALUE);
        Promise promise = each.getValue();
        if (!promise.erasing()) {
          assertThat(entries).as(when).hasSizeGreaterThanOrEqualTo((int) promise.entries());
          for (Entry entry : entries) {
            byte[] body = BodyBytes.of(((Entry.Message) entry).body());
            assertThat(new String(body, StandardCharsets.UTF_8))
                .as("%s, %s, entry %d", when, each.getKey(), entry.sequence())
                .isEqualTo(text(promise.life(), entry.sequence()));
          }
        }
        Told.append(log, each.getKey(), List.of(message(entries.size() + 1L, "goes on")));
      }
    }
  }

  /// Every seventh has a file of its own.
  private static String text(int life, long sequence) {
    String text = "life %d entry %d ".formatted(life, sequence);
    return text.repeat(sequence % 7 == 0 ? StagedBodies.MAX_INLINE / 10 : 5 + (int) sequence);
  }

  private static SegmentLog open(Path directory, Disk disk) throws StoreUnavailable {
    return SegmentLog.open(
        SegmentFiles.settings(directory, SMALL_SEGMENT, 64 << 20), LogObserver.NONE, disk);
  }
}
