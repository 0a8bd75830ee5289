package io.continuo.server;

import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.configuration.InvalidConfiguration;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.SubscriberDirectory;
import io.continuo.server.runtime.ChatPorts;
import io.continuo.server.runtime.Conversations;
import io.continuo.server.runtime.DeviceForgetting;
import io.continuo.server.runtime.DirectoryRepair;
import io.continuo.server.runtime.RegistrarService;
import io.continuo.server.storage.file.ServerKey;
import io.continuo.server.storage.file.SubscribersFile;
import io.continuo.server.storage.h2.H2Store;
import io.continuo.server.storage.segments.SegmentLog;
import io.continuo.server.telemetry.Metrics;
import io.continuo.server.telemetry.OperationsServer;
import io.continuo.server.transport.msrp.MsrpEndpoint;
import io.continuo.server.transport.sip.SipGateway;
import io.continuo.server.transport.tls.TlsMaterial;
import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipTls;
import io.continuo.sip.SipTransports;
import io.continuo.sip.dns.CachedDns;
import io.continuo.sip.dns.DnsJavaLookup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// The server as one object: every part made by hand, in the order in which they need each other,
/// and taken down in the reverse order. Nothing listens before everything behind it stands.
public final class Wiring implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Wiring.class);

  private final Deque<Part> parts = new ArrayDeque<>();
  private final SipEndpoint sip;
  private final MsrpEndpoint msrp;
  private final int operations;
  private volatile boolean stopping;

  /// Starts a server.
  ///
  /// @throws InvalidConfiguration when the subscribers file cannot be used
  /// @throws StoreUnavailable when the store cannot be opened
  /// @throws IOException when a port is taken; the message names it
  public static Wiring start(ServerConfiguration configuration)
      throws InvalidConfiguration, StoreUnavailable, IOException {
    return new Wiring(configuration);
  }

  private Wiring(ServerConfiguration configuration)
      throws InvalidConfiguration, StoreUnavailable, IOException {
    boolean started = false;
    try {
      InstantSource clock = InstantSource.system();
      SecureRandom random = new SecureRandom();
      Metrics metrics = closing("metrics", new Metrics());
      // Starts last and stops last: /ready is still there to say no while the rest is taken down.
      OperationsServer operationsServer =
          closing(
              "operations",
              new OperationsServer(configuration.operations(), metrics)
                  .readiness("server", () -> !stopping));

      H2Store store = closing("store", H2Store.open(configuration.storage().directory()));
      SegmentLog chatLog =
          closing("log", SegmentLog.open(configuration.storage(), new LogCounts(metrics.log())));
      new DirectoryRepair(chatLog, store.conversations()).run();
      SubscriberDirectory subscribers =
          SubscribersFile.directory(
              configuration.storage().subscribersFile(),
              store.subscribers(),
              configuration.sip().domain());
      RegistrarService registrar =
          closing(
              "registrar",
              new RegistrarService(configuration.registrar(), store.bindings(), clock));

      Optional<TlsMaterial> certificates = certificates(configuration, clock, random);

      Conversations conversations = new Conversations(configuration.runtime());
      SipGateway gateway =
          new SipGateway(
              configuration.sip(),
              configuration.auth(),
              configuration.msrpTransports().behind(configuration.msrpRelays()),
              configuration.session(),
              configuration.registrar(),
              subscribers,
              registrar,
              conversations,
              conversations::isOverHighWater,
              (reason, status) -> metrics.refused("sip", reason, status),
              clock,
              random,
              ServerKey.in(configuration.storage().directory(), random));
      MsrpEndpoint msrpEndpoint =
          new MsrpEndpoint(
              configuration.msrp(),
              configuration.msrpTransports(),
              configuration.msrpRelays(),
              certificates,
              chatLog.staging(),
              conversations,
              (reason, status) -> metrics.refused("msrp", reason, status));
      ExecutorService blocking =
          closing("blocking work", Executors.newVirtualThreadPerTaskExecutor());
      ChatCounts counts = new ChatCounts(metrics);
      conversations.start(
          new ChatPorts(
              configuration,
              gateway,
              msrpEndpoint,
              new MediaTerms(
                  configuration.msrp().maxMessage(),
                  configuration.sip().sdpMark(),
                  configuration.session().deliveryWindow()),
              chatLog,
              store.conversations(),
              registrar,
              subscribers,
              gateway::newLeg,
              UUID::randomUUID,
              counts,
              blocking,
              clock));

      closing("msrp", msrpEndpoint).start();
      SipEndpoint sipEndpoint =
          closing(
              "sip",
              SipEndpoint.start(
                  endpointConfig(configuration, certificates),
                  new CachedDns(new DnsJavaLookup(configuration.sip().dnsServers())),
                  gateway));
      gateway.attach(sipEndpoint);
      closing("conversations", conversations);
      registrar.announceTo(conversations);
      closing(
              "device forgetting",
              new DeviceForgetting(
                  store.devices(),
                  conversations::forget,
                  configuration.session().deviceForgetAfter(),
                  clock))
          .start();

      metrics.registeredDevices(registrar::registeredDevices);
      metrics.chat().liveSessions(counts::live);
      metrics.chat().cursorLag(new Lag(conversations));
      metrics.chat().uploads(msrpEndpoint::openUploads, msrpEndpoint::uploadBytes);
      operationsServer
          .readiness("log", () -> chatLog.failure().isEmpty())
          .readiness("tables", store::answers)
          .stories(chatLog)
          .devices(new DevicePage(registrar, subscribers, clock))
          .sessions(new SessionPage(conversations, subscribers))
          .start();
      sip = sipEndpoint;
      msrp = msrpEndpoint;
      operations = operationsServer.port();
      tellReady(configuration, msrpEndpoint);
      started = true;
    } finally {
      if (!started) {
        takeDown();
      }
    }
  }

  private void tellReady(ServerConfiguration configuration, MsrpEndpoint msrpEndpoint) {
    LoggingEventBuilder ready =
        log.atInfo()
            .addKeyValue("sip", text(sip()))
            .addKeyValue("msrp", text(msrp()))
            .addKeyValue("operations", host(configuration.operations().host()) + ":" + operations);
    for (Flow.Transport transport : spoken(configuration.sip()).sorted().toList()) {
      if (transport.secure() || transport.webSocket()) {
        ready = ready.addKeyValue("sip-" + transport.lower(), text(sip(transport)));
      }
    }
    for (String carrier : configuration.msrpTransports().transports()) {
      if (!carrier.equals(MsrpTransportSettings.TCP)) {
        int port = msrp.port(carrier).orElseThrow();
        ready =
            ready.addKeyValue(
                "msrp-" + carrier, text(new InetSocketAddress(msrp().getAddress(), port)));
      }
    }
    ready.log("server.ready");
  }

  /// Nothing where nobody speaks TLS: to read certificates, or to make one, costs a quarter of the
  /// start.
  private Optional<TlsMaterial> certificates(
      ServerConfiguration configuration, InstantSource clock, SecureRandom random)
      throws IOException {
    if (!configuration.speaksTls()) {
      return Optional.empty();
    }
    TlsMaterial certificates =
        TlsMaterial.open(
            configuration.tls(),
            configuration.storage().directory().resolve("tls"),
            List.of(
                configuration.sip().domain(),
                configuration.sip().host(),
                configuration.msrp().host()),
            clock,
            random);
    return Optional.of(closing("certificates", certificates).watch());
  }

  private static Stream<Flow.Transport> spoken(SipSettings sip) {
    return sip.transports().stream()
        .map(name -> Flow.Transport.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  private static SipTransports transports(SipSettings sip, Optional<TlsMaterial> certificates) {
    return new SipTransports(
        spoken(sip).collect(Collectors.toSet()),
        sip.tlsPort(),
        sip.wsPort(),
        sip.wssPort(),
        sip.websocketOrigins(),
        certificates.map(tls -> new SipTls(tls.servers(), tls::client)));
  }

  private static SipEndpointConfig endpointConfig(
      ServerConfiguration configuration, Optional<TlsMaterial> certificates) {
    return new SipEndpointConfig(
        configuration.sip().host(),
        configuration.sip().port(),
        transports(configuration.sip(), certificates),
        SipGateway.METHODS,
        configuration.sip().maxMessage(),
        configuration.sip().maxPagerOverUdp(),
        configuration.sip().maxConnectionsPerSource(),
        configuration.sip().idleTimeout(),
        "Continuo/" + Main.Version.text());
  }

  public InetSocketAddress sip() {
    return sip.address();
  }

  /// Where SIP listens for one transport.
  public InetSocketAddress sip(Flow.Transport transport) {
    return sip.address(transport);
  }

  public InetSocketAddress msrp() {
    return msrp.address();
  }

  public int operations() {
    return operations;
  }

  /// Takes the server down: legs get their BYE, what was accepted is in the store, ports and files
  /// are closed. A part that fails to close does not keep the others open.
  @Override
  public void close() {
    stopping = true;
    takeDown();
    log.atInfo().log("server.stopped");
  }

  private void takeDown() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.closeable().close();
      } catch (Exception failed) {
        log.atWarn().addKeyValue("part", part.name()).setCause(failed).log("server.stop-failed");
      }
    }
  }

  private <C extends AutoCloseable> C closing(String name, C part) {
    parts.push(new Part(name, part));
    return part;
  }

  private static String text(InetSocketAddress address) {
    return host(address.getAddress().getHostAddress()) + ":" + address.getPort();
  }

  private static String host(String text) {
    return text.contains(":") ? "[" + text + "]" : text;
  }

  private record Part(String name, AutoCloseable closeable) {}
}
