package io.continuo.sip.jain;

import gov.nist.javax.sip.SipStackImpl;
import io.continuo.sip.Flow;
import io.continuo.sip.InviteListener;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.dns.CachedDns;
import io.continuo.sip.dns.DnsJavaLookup;
import io.continuo.sip.dns.DnsLookup;
import io.continuo.sip.transport.TransportEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The endpoint on JAIN-SIP.
public final class JainSipEndpoint implements SipEndpoint {
  /// Bytes of a request beyond which UDP might fragment it (RFC 3261 §18.1.1).
  private static final Pattern BLANK = Pattern.compile("\\s");

  private static final int MAX_OVER_UDP = 1_300;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /// Tells the threads of several endpoints apart.

  private final UserAgent agent;

  private final EndpointSockets sockets;

  private JainSipEndpoint(UserAgent agent, EndpointSockets sockets) {
    this.agent = agent;
    this.sockets = sockets;
  }

  public static SipEndpoint start(SipEndpointConfig config, SipApplication application)
      throws IOException {
    return start(config, new CachedDns(new DnsJavaLookup(List.of())), application);
  }

  /// With whom names of servers are asked of.
  public static SipEndpoint start(
      SipEndpointConfig config, DnsLookup dns, SipApplication application) throws IOException {
    return start(config, application, SipTimers.STANDARD, dns);
  }

  /// With timers of one's own, for tests.
  public static SipEndpoint start(
      SipEndpointConfig config, SipApplication application, SipTimers timers) throws IOException {
    return start(config, application, timers, new CachedDns(new DnsJavaLookup(List.of())));
  }

  /// With timers of one's own, for tests.
  public static SipEndpoint start(
      SipEndpointConfig config, SipApplication application, SipTimers timers, DnsLookup dns)
      throws IOException {
    EndpointSockets sockets = EndpointSockets.bind(config);
    try {
      CallStripes stripes = new CallStripes(sockets.loops());
      UserAgent agent =
          new UserAgent(
              config, application, timers, stripes, sockets.loops(), sockets.transports(), dns);
      TransportEvents intake = new Intake(agent);
      sockets.open(intake);
      return new JainSipEndpoint(agent, sockets);
    } catch (IOException | RuntimeException failed) {
      sockets.close();
      throw failed;
    }
  }

  @Override
  public InetSocketAddress address() {
    return agent.address();
  }

  @Override
  public InetSocketAddress address(Flow.Transport transport) {
    return agent.sockets().address(transport).orElseGet(agent::address);
  }

  @Override
  public boolean isOpen(Flow flow) {
    return agent.isOpen(flow);
  }

  @Override
  public void send(OutboundRequest request, ResponseListener listener) {
    RequestHead head = head(request);
    ClientRequest call = new ClientRequest(agent, head.callId(), listener);
    agent.stripes().execute(head.callId(), () -> start(call, head, request));
  }

  @Override
  public OutboundInvite invite(OutboundRequest request, InviteListener listener) {
    RequestHead head = head(request);
    String contact = request.headers().first("Contact").orElse("");
    ClientInvite call = new ClientInvite(agent, head, request.nextHop(), contact, listener);
    agent.clientInvites().put(call.key(), call);
    agent.stripes().execute(head.callId(), () -> start(call, head, request));
    return call;
  }

  private void start(ClientCall call, RequestHead head, OutboundRequest request) {
    SipHeaders others = agent.signed(Parsing.others(request.headers()));
    switch (request.nextHop()) {
      case NextHop.OverFlow(Flow flow) -> {
        boolean large = !flow.transport().reliable() && size(head, others, request) > most(head);
        send(
            call,
            head,
            others,
            request,
            large ? Optional.empty() : Optional.of(new Target.Over(flow)));
      }
      case NextHop.ByRoute() ->
          agent
              .nextHops()
              .find(
                  head.routes(),
                  head.uri(),
                  head.callId(),
                  targets -> inTurn(call, head, others, request, targets),
                  call::unsent);
    }
  }

  /// RFC 3263 §4.3: the next server when one cannot be reached, does not answer, or says 503.
  private void inTurn(
      ClientCall call,
      RequestHead head,
      SipHeaders others,
      OutboundRequest request,
      List<Target> targets) {
    for (Target other : targets.subList(1, targets.size())) {
      call.afterwards(() -> bySize(call, head, others, request, other));
    }
    bySize(call, head, others, request, targets.getFirst());
  }

  /// A request that may not fit one packet goes over TCP where nobody said UDP, and over UDP after
  /// all when the peer takes no connection (RFC 3261 §18.1.1). A MESSAGE does not: nothing would
  /// slow a flood of them down (RFC 3428 §8).
  private void bySize(
      ClientCall call,
      RequestHead head,
      SipHeaders others,
      OutboundRequest request,
      Target target) {
    int size = size(head, others, request);
    Optional<Target> asResolved = Optional.of(target);
    if (!(target
            instanceof Target.To(Flow.Transport transport, InetSocketAddress address, String host))
        || transport.reliable()) {
      send(call, head, others, request, asResolved);
      return;
    }
    Optional<Target> overUdp = size > most(head) ? Optional.empty() : asResolved;
    boolean noTcp = agent.sockets().address(Flow.Transport.TCP).isEmpty();
    if (size <= MAX_OVER_UDP || namesTransport(head) || noTcp) {
      send(call, head, others, request, overUdp);
      return;
    }
    call.otherwise(() -> send(call, head, others, request, overUdp));
    Target connected = new Target.To(Flow.Transport.TCP, address, host);
    send(call, head, others, request, Optional.of(connected));
  }

  /// @param target empty when the request is too large for the only way there is
  private void send(
      ClientCall call,
      RequestHead head,
      SipHeaders others,
      OutboundRequest request,
      Optional<Target> target) {
    target.ifPresentOrElse(
        to -> agent.requests().start(call, to, head, others, request.body()), call::tooLarge);
  }

  /// The most bytes that such a request may have over UDP.
  private int most(RequestHead head) {
    return head.method().equals("MESSAGE") ? agent.config().maxPagerOverUdp() : Integer.MAX_VALUE;
  }

  private static boolean namesTransport(RequestHead head) {
    String next = head.routes().isEmpty() ? head.uri() : head.routes().getFirst();
    return next.toLowerCase(Locale.ROOT).contains(";transport=");
  }

  private int size(RequestHead head, SipHeaders others, OutboundRequest request) {
    Target any = new Target.To(Flow.Transport.UDP, address());
    String via = agent.via(any, Identifiers.MAGIC_COOKIE + "x".repeat(Identifiers.BRANCH_LENGTH));
    return Wire.size(head.startLine(), head.fields(via), others, request.body());
  }

  private RequestHead head(OutboundRequest request) {
    SipHeaders headers = request.headers();
    return new RequestHead(
        request.method(),
        request.uri(),
        Tags.with(required(headers, "From"), agent.identifiers().tag()),
        required(headers, "To"),
        headers.first("Call-ID").orElseGet(agent.identifiers()::callId),
        headers.first("CSeq").map(JainSipEndpoint::sequence).orElse(1L),
        headers.elements("Route"),
        headers.first("Max-Forwards").map(Integer::parseInt).orElse(RequestHead.MAX_FORWARDS));
  }

  private static long sequence(String cseq) {
    return Long.parseLong(BLANK.split(cseq.strip(), 2)[0]);
  }

  private static String required(SipHeaders headers, String name) {
    return headers
        .first(name)
        .orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
  }

  @Override
  public void close() {
    agent.stripes().close(CLOSE_LIMIT);
    sockets.close();
    // JAIN-SIP sleeps a second in stop(); everything of ours is closed, so nobody need wait for it.
    Thread.ofPlatform().daemon().name("sip-stack-stop").start(agent.stack()::stop);
  }

  /// Sizes of the tables, by name, for tests: nothing may stay.
  Map<String, Integer> held() {
    return Map.of(
        "dialogs", agent.dialogs().size(),
        "inbound INVITEs", agent.invites().size(),
        "requests", agent.requests().size(),
        "outbound INVITEs", agent.clientInvites().size(),
        "timers", agent.pendingTimers());
  }

  /// For tests, which look into its tables.
  SipStackImpl stack() {
    return agent.stack();
  }
}
