package io.continuo.scenarios.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Device;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More messages than one conversation loop can take, from several addresses: what begins something
/// new is refused in time and told when to come back, and the chat that was there goes on.
class OverloadIT {
  private static final int SOURCES = 8;
  private static final int IN_ONE_GO = 100;

  /// A round is enough wherever reading is a little faster than working through what was read; on a
  /// machine that is busy with something else it may take some.
  private static final int ROUNDS = 50;

  /// So few that whatever a connection carries in one read is more.
  private static final int HIGH_WATER = 10;

  private static final int RETRY_AFTER = 7;

  @TempDir Path directory;

  @Test
  @Spec("RFC 3261 §21.5.4")
  @Spec("RFC 3261 §20.33")
  void aFloodIsRefusedInTimeAndTheChatGoesOn() throws Exception {
    try (ServerProcess server = started();
        Witness witness = new Witness(server.addresses().sip());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Flooder> flooders = new ArrayList<>();
      for (int i = 1; i <= SOURCES; i++) {
        flooders.add(new Flooder(i, server.addresses().sip()));
      }
      RefusalWatch refusals = new RefusalWatch(server);

      List<String> answers = new ArrayList<>();
      for (int round = 0; round < ROUNDS && refused(answers).isEmpty(); round++) {
        answers.addAll(flood(flooders, threads, witness));
      }

      assertThat(statuses(answers)).as("taken, or refused").containsOnlyKeys("200", "503");
      assertThat(refused(answers))
          .allSatisfy(answer ->
              assertThat(Integer.parseInt(RawRequest.value(answer, "Retry-After")))
                  .isBetween(RETRY_AFTER, 2 * RETRY_AFTER));
      refusals.sees(refused(answers).size(), "status=503 reason=overload");

      // Everything is as before.
      for (Flooder flooder : flooders) {
        assertThat(flooder.asks("once more", "dave")).startsWith("SIP/2.0 200 ");
        flooder.close();
      }
      Device newcomer = witness.registered("erin");
      assertThat(newcomer.options()).isEqualTo(200);
      witness.lostNothing();
      assertThat(server.output()).noneMatch(line -> line.contains(" ERROR "));
    }
  }

  private ServerProcess started() throws IOException {
    ServerSetup setup =
        ServerSetup.in(directory)
            .with("runtime.loops", "1")
            .with("runtime.high-water", String.valueOf(HIGH_WATER))
            .with("sip.retry-after", RETRY_AFTER + "s")
            .subscriber("alice")
            .subscriber("bob")
            .subscriber("dave")
            .subscriber("erin");
    for (int i = 1; i <= SOURCES; i++) {
      setup = setup.subscriber(Flooder.name(i));
    }
    return ServerProcess.start(setup);
  }

  /// All of them at once, to somebody who has no device; the witness chats all the time.
  private static List<String> flood(
      List<Flooder> flooders, ExecutorService threads, Witness witness)
      throws InterruptedException, ExecutionException {
    List<Callable<List<String>>> floods =
        flooders.stream()
            .<Callable<List<String>>>map(one -> () -> one.floods(IN_ONE_GO, "dave"))
            .toList();
    List<Future<List<String>>> running = floods.stream().map(threads::submit).toList();
    do {
      witness.goesOn();
    } while (!running.stream().allMatch(Future::isDone));
    List<String> answers = new ArrayList<>();
    for (Future<List<String>> one : running) {
      answers.addAll(one.get());
    }
    return answers;
  }

  private static List<String> refused(List<String> answers) {
    return answers.stream().filter(answer -> answer.startsWith("SIP/2.0 503 ")).toList();
  }

  private static Map<String, Long> statuses(List<String> answers) {
    return answers.stream()
        .collect(
            Collectors.groupingBy(
                answer -> answer.split(" ")[1], TreeMap::new, Collectors.counting()));
  }
}
