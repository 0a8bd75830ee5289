package io.continuo.sip.jain;

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
import io.continuo.sip.transport.TransportEvents;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/// The endpoint on JAIN-SIP.
public final class JainSipEndpoint implements SipEndpoint {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final UserAgent agent;
  private final EndpointSockets sockets;

  private JainSipEndpoint(UserAgent agent, EndpointSockets sockets) {
    this.agent = agent;
    this.sockets = sockets;
  }

  public static SipEndpoint start(SipEndpointConfig config, SipApplication application)
      throws IOException {
    return start(config, application, SipTimers.STANDARD);
  }

  /// With timers of one's own, for tests.
  public static SipEndpoint start(
      SipEndpointConfig config, SipApplication application, SipTimers timers) throws IOException {
    EndpointSockets sockets = EndpointSockets.bind(config);
    try {
      CallStripes stripes =
          new CallStripes(
              "sip-" + sockets.address().getPort(), Runtime.getRuntime().availableProcessors());
      UserAgent agent =
          new UserAgent(
              config, application, timers, stripes, sockets.loops(), sockets.transports());
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
    ClientInvite call = new ClientInvite(agent, head, request.nextHop(), listener);
    agent.clientInvites().put(head.callId(), call);
    agent.stripes().execute(head.callId(), () -> start(call, head, request));
    return call;
  }

  private void start(ClientCall call, RequestHead head, OutboundRequest request) {
    SipHeaders others = agent.signed(Parsing.others(request.headers()));
    Consumer<Target> send =
        target -> agent.requests().start(call, target, head, others, request.body());
    switch (request.nextHop()) {
      case NextHop.OverFlow(Flow flow) -> send.accept(new Target.Over(flow));
      case NextHop.ByRoute() ->
          agent.resolve(head.routes(), head.uri(), head.callId(), send, call::unsent);
    }
  }

  private RequestHead head(OutboundRequest request) {
    SipHeaders headers = request.headers();
    return new RequestHead(
        request.method(),
        request.uri(),
        Tags.with(required(headers, "From"), agent.identifiers().tag()),
        required(headers, "To"),
        agent.identifiers().callId(),
        1,
        headers.elements("Route"));
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

  /// Transactions, dialogs and calls that are held, for tests: nothing may stay.
  int held() {
    return agent.dialogs().size()
        + agent.invites().size()
        + agent.requests().size()
        + agent.clientInvites().size()
        + agent.stack().getClientTransactionTableSize()
        + agent.stack().getServerTransactionTableSize();
  }
}
