package io.continuo.server.telemetry;

import io.continuo.server.conversation.ConversationEffect.Counted;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.LongSupplier;

/// Everything that is counted, in one Prometheus registry. One of it for a server; handed to
/// whoever counts.
///
/// Threading: any thread.
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ChatMetrics chat = new ChatMetrics(registry);
  private final RefusalMetrics refusals = new RefusalMetrics(registry);
  private final LogMetrics log = new LogMetrics(registry);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /// What happens in chats.
  public ChatMetrics chat() {
    return chat;
  }

  /// What the conversation log does.
  public LogMetrics log() {
    return log;
  }

  /// For [io.continuo.server.conversation.ConversationEffect.Count].
  public void count(Counted what) {
    chat.count(what);
  }

  /// A copy was handed to a device's channel.
  public void copySent() {
    chat.copySent();
  }

  /// Input was refused.
  ///
  /// @param protocol `sip`, `msrp` or `http`
  /// @param reason one of the server's own words, such as `no credentials`; never a peer's text
  /// @param status what the peer was answered
  public void refused(String protocol, String reason, int status) {
    refusals.count(protocol, reason, status);
  }

  /// Devices that are registered now. The supplier is called by a scrape, on any thread.
  public void registeredDevices(LongSupplier registered) {
    Gauge.builder("registrar.devices.registered", registered, LongSupplier::getAsLong)
        .description("devices that registered here and have not expired")
        .strongReference(true)
        .register(registry);
  }

  /// Everything, in the text format of Prometheus.
  public String scrape() {
    chat.measure();
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
