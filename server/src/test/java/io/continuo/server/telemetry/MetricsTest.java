package io.continuo.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.telemetry.ChatMetrics.CursorLag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void everythingThatIsCountedIsScrapedFromTheStart() {
    assertThat(metrics.scrape().lines())
        .contains(
            "chat_messages_accepted_total 0.0",
            "chat_delivery_copies_sent_total 0.0",
            "chat_duplicates_suppressed_total 0.0",
            "chat_delivery_gaps_total 0.0",
            "log_append_records_total 0.0")
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"));
  }

  @Test
  void eachCountedEffectHasACounterOfItsOwn() {
    for (Counted what : Counted.values()) {
      String before = metrics.scrape();
      metrics.count(what);
      assertThat(countedUp(before, metrics.scrape())).as("%s", what).isEqualTo(1);
    }
  }

  @Test
  void copiesGapsAndRefusalsAreCounted() {
    metrics.copySent();
    metrics.copySent();
    metrics.chat().gap(3);
    metrics.chat().copyAnswered(new DeliveryOutcome.Delivered(), Duration.ofMillis(10));
    metrics.refused("SIP", "unknown-subscriber", 404);
    metrics.log().groupCommitted(7, 700, Duration.ofMillis(2));

    assertThat(metrics.scrape().lines())
        .contains(
            "chat_delivery_copies_sent_total 2.0",
            "chat_delivery_gaps_total 3.0",
            "chat_delivery_latency_seconds_count 1",
            "chat_refusals_total{protocol=\"sip\",reason=\"unknown-subscriber\",status=\"404\"} 1.0",
            "log_append_records_total 7.0",
            "log_append_bytes_total 700.0");
  }

  @Test
  void reasonsBeyondTheLimitAreCountedTogether() {
    for (int reason = 0; reason < RefusalMetrics.MAX_REASONS + 10; reason++) {
      metrics.refused("msrp", "reason-" + reason, 400);
    }
    metrics.refused("msrp", "reason-0", 400);

    assertThat(metrics.scrape().lines())
        .contains(
            "chat_refusals_total{protocol=\"msrp\",reason=\"other\",status=\"400\"} 10.0",
            "chat_refusals_total{protocol=\"msrp\",reason=\"reason-0\",status=\"400\"} 2.0")
        .filteredOn(line -> line.startsWith("chat_refusals_total{"))
        .hasSize(RefusalMetrics.MAX_REASONS + 1);
  }

  @Test
  void gaugesAskWhenTheyAreScraped() {
    AtomicLong devices = new AtomicLong(5);
    metrics.registeredDevices(devices::get);
    metrics.chat().liveSessions(new AtomicLong(2)::get);
    metrics.chat().cursorLag(() -> new CursorLag(40, 100, 3));
    AtomicLong uploads = new AtomicLong(7);
    metrics.chat().uploads(uploads::get, () -> 1000 * uploads.get());
    devices.set(6);
    System.gc(); // the registry itself keeps what it asks

    assertThat(metrics.scrape().lines())
        .contains(
            "registrar_devices_registered 6.0",
            "chat_sessions_live 2.0",
            "chat_uploads_open 7.0",
            "chat_uploads_bytes 7000.0",
            "chat_cursor_lag_max 40.0",
            "chat_cursor_lag 100.0",
            "chat_cursor_lag_behind 3.0");
  }

  @Test
  void theLagIsMeasuredOnceForAScrape() {
    AtomicLong asked = new AtomicLong();
    metrics.chat().cursorLag(() -> new CursorLag(asked.incrementAndGet(), 0, 0));

    assertThat(metrics.scrape().lines()).contains("chat_cursor_lag_max 1.0");
    assertThat(metrics.scrape().lines()).contains("chat_cursor_lag_max 2.0");
  }

  @Test
  void everyMetricOfOursIsDescribedForOperators() throws IOException {
    metrics.refused("sip", "unknown-subscriber", 404);
    metrics.registeredDevices(() -> 0);
    metrics.chat().liveSessions(() -> 0);
    metrics.chat().cursorLag(() -> CursorLag.NONE);
    metrics.chat().uploads(() -> 0, () -> 0);
    String guide = Files.readString(Path.of("docs/operating.md"));

    assertThat(metrics.scrape().lines())
        .filteredOn(line -> line.matches("# TYPE (chat|log|registrar)_\\S+ \\w+"))
        .map(line -> line.split(" ", -1)[2].replaceFirst("_seconds_max$", "_seconds"))
        .hasSizeGreaterThan(20)
        .allSatisfy(name -> assertThat(guide).containsPattern("`" + name + "[`{]"));
  }

  private static long countedUp(String before, String after) {
    return after
        .lines()
        .filter(line -> line.startsWith("chat_") && !before.lines().toList().contains(line))
        .count();
  }
}
