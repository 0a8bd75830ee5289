package io.continuo.sip.jain;

import gov.nist.javax.sip.SipProviderImpl;
import gov.nist.javax.sip.SipStackImpl;
import io.continuo.sip.Flow;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.dns.DnsLookup;
import io.continuo.sip.dns.ServerLocator;
import io.continuo.sip.transport.TcpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the parts of one endpoint share: the stack, the transports, the tables and the way out.
///
/// Threading: any thread, unless a part says otherwise.
final class UserAgent {
  private static final Logger LOG = LoggerFactory.getLogger(UserAgent.class);

  private final SipEndpointConfig config;
  private final SipApplication application;
  private final SipTimers timers;
  private final CallStripes stripes;
  private final Timers clock;
  private final Sockets sockets;
  private final Identifiers identifiers = new Identifiers();
  private final String statelessTag = identifiers.tag();
  private final Dialogs dialogs = new Dialogs();
  private final ServerInvites invites = new ServerInvites(this, ServerInvites.MAX);
  private final ClientRequests requests = new ClientRequests(this);
  private final Map<String, ClientInvite> clientInvites = new ConcurrentHashMap<>();
  private final Stack stack;
  private final StackEvents events;
  private final NextHops nextHops;

  UserAgent(
      SipEndpointConfig config,
      SipApplication application,
      SipTimers timers,
      CallStripes stripes,
      ScheduledExecutorService clock,
      Sockets sockets,
      DnsLookup dns)
      throws IOException {
    this.config = config;
    this.application = application;
    this.timers = timers;
    this.stripes = stripes;
    this.clock = new Timers(clock, stripes);
    this.sockets = sockets;
    this.stack = Stack.start(config, sockets, requests::failed);
    this.nextHops =
        new NextHops(
            new ServerLocator(
                dns, opened(config), config.host().indexOf(':') >= 0, new SecureRandom()),
            stripes);
    this.events = new StackEvents(this);
    stack.listen(events);
  }

  /// Transports that we open to others, the one we like best first (RFC 7118: WebSocket is none).
  private static List<Flow.Transport> opened(SipEndpointConfig config) {
    return Stream.of(Flow.Transport.UDP, Flow.Transport.TCP, Flow.Transport.TLS)
        .filter(config.transports().spoken()::contains)
        .toList();
  }

  SipEndpointConfig config() {
    return config;
  }

  SipApplication application() {
    return application;
  }

  SipTimers timers() {
    return timers;
  }

  CallStripes stripes() {
    return stripes;
  }

  Identifiers identifiers() {
    return identifiers;
  }

  /// The To-tag of every answer that nothing is kept of (RFC 3261 §8.2.7).
  String statelessTag() {
    return statelessTag;
  }

  Dialogs dialogs() {
    return dialogs;
  }

  ServerInvites invites() {
    return invites;
  }

  ClientRequests requests() {
    return requests;
  }

  /// By [ClientInvite#key].
  Map<String, ClientInvite> clientInvites() {
    return clientInvites;
  }

  StackEvents events() {
    return events;
  }

  SipStackImpl stack() {
    return stack.stack();
  }

  SipProviderImpl provider() {
    return stack.provider();
  }

  Processors channels() {
    return stack.channels();
  }

  Sockets sockets() {
    return sockets;
  }

  /// Runs something on the stripe of a Call-ID, later.
  Timers.Later later(Duration delay, String callId, Runnable task) {
    return clock.start(delay, callId, task);
  }

  /// Timers that run, for tests.
  int pendingTimers() {
    return clock.pending();
  }

  boolean isOpen(Flow flow) {
    return !flow.transport().reliable() || sockets.tcp().connection(flow).isPresent();
  }

  /// Makes a target ready to send to.
  ///
  /// @throws IOException when its flow is closed
  Line line(Target target) throws IOException {
    return switch (target) {
      case Target.Over(Flow flow) ->
          flow.transport().reliable() ? tcp(connection(flow)) : udp(flow.remote());
      case Target.To(Flow.Transport transport, InetSocketAddress address, String host) ->
          transport.reliable()
              ? tcp(sockets.tcp().connectionTo(transport, address, host))
              : udp(address);
    };
  }

  private TcpConnection connection(Flow flow) throws IOException {
    return sockets
        .tcp()
        .connection(flow)
        .orElseThrow(() -> new IOException("flow is closed: " + flow));
  }

  private Line udp(InetSocketAddress peer) throws IOException {
    return new Line(stack.channels().channel(peer), new Flow(Flow.Transport.UDP, peer, 0));
  }

  private Line tcp(TcpConnection connection) {
    return new Line(stack.channels().channel(connection), connection.flow());
  }

  /// Sends something that has a repetition or needs none, so that a closed flow is no news.
  void sendOrForget(Target target, byte[] bytes) {
    try {
      switch (target) {
        case Target.Over(Flow flow) when flow.transport().reliable() ->
            connection(flow).write(bytes, () -> {});
        case Target.Over(Flow flow) -> sockets.udp().write(flow.remote(), bytes, () -> {});
        case Target.To(Flow.Transport transport, InetSocketAddress address, String host)
            when transport.reliable() ->
            sockets.tcp().connectionTo(transport, address, host).write(bytes, () -> {});
        case Target.To(Flow.Transport transport, InetSocketAddress address, String host) ->
            sockets.udp().write(address, bytes, () -> {});
      }
    } catch (IOException gone) {
      LOG.atDebug().addKeyValue("why", gone.getMessage()).log("sip.message-unsent");
    }
  }

  /// A Via of ours (RFC 3261 §18.1.1, RFC 3581).
  String via(Target target, String branch) {
    String host = config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
    Flow.Transport transport = target.transport();
    return "SIP/2.0/"
        + transport.via()
        + " "
        + host
        + ":"
        + port(transport)
        + ";rport;branch="
        + branch;
  }

  private int port(Flow.Transport transport) {
    return sockets.address(transport).orElseGet(this::address).getPort();
  }

  /// The address of UDP and TCP; of what else is spoken when neither is.
  InetSocketAddress address() {
    return sockets.address(sockets.spoken().iterator().next()).orElseThrow();
  }

  /// With User-Agent, unless the application says otherwise.
  SipHeaders signed(SipHeaders headers) {
    return headers.has("User-Agent") ? headers : headers.with("User-Agent", config.serverName());
  }

  /// Where a request goes by its topmost Route, else its Request-URI. `then` or `failed` runs on
  /// the stripe: at once for an address, after a look-up for a name.
  void resolve(
      List<String> routes, String uri, String callId, Consumer<Target> then, Runnable failed) {
    nextHops.find(routes, uri, callId, targets -> then.accept(targets.getFirst()), failed);
  }

  NextHops nextHops() {
    return nextHops;
  }
}
