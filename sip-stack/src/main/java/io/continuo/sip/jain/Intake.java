package io.continuo.sip.jain;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.screening.RawMessage;
import io.continuo.sip.screening.Refusals;
import io.continuo.sip.screening.Screening;
import io.continuo.sip.screening.Verdict;
import io.continuo.sip.transport.TcpConnection;
import io.continuo.sip.transport.TransportEvents;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what the transports hand up, screens it and gives it to the stack.
///
/// Threading: called on event loops; works on the stripe of the Call-ID.
final class Intake implements TransportEvents {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int DEFAULT_PORT = 5060;

  private final UserAgent agent;
  private final Screening screening;
  private final Refusals refusals;
  private final StatelessProxy proxy;

  Intake(UserAgent agent) {
    this.agent = agent;
    this.screening = new Screening(agent.config().methods());
    this.refusals = new Refusals(agent.config().serverName(), agent.statelessTag());
    this.proxy = new StatelessProxy(agent);
  }

  @Override
  public void message(Flow flow, byte[] message, Runnable done) {
    Optional<TcpConnection> connection = agent.sockets().tcp().source(flow);
    agent
        .stripes()
        .arrived(
            CallIds.of(message, flow),
            () -> {
              try {
                take(flow, connection, message);
              } finally {
                done.run();
              }
            });
  }

  @Override
  public void oversize(Flow flow, byte[] head, boolean close) {
    refuseUnread(flow, head, new Verdict.Refuse(513, "Message Too Large", SipHeaders.NONE), close);
  }

  @Override
  public void unframed(Flow flow, byte[] head, String reason) {
    refuseUnread(flow, head, new Verdict.Refuse(400, reason, SipHeaders.NONE), true);
  }

  private void refuseUnread(Flow flow, byte[] head, Verdict.Refuse verdict, boolean close) {
    agent
        .stripes()
        .arrived(
            CallIds.of(head, flow),
            () -> {
              RawMessage raw = RawMessage.read(head);
              screened(flow, raw, silenced(raw, verdict));
              if (close) {
                agent.sockets().tcp().closeAfterWrites(flow);
              }
            });
  }

  @Override
  public void hungUp(Flow flow, String reason) {
    agent
        .stripes()
        .execute(flow.toString(), () -> agent.application().screened(flow, "-", 0, reason));
  }

  @Override
  public void closed(Flow flow) {
    agent.requests().closed(flow);
    agent.stripes().execute(flow.toString(), () -> agent.application().flowClosed(flow));
  }

  private void take(Flow flow, Optional<TcpConnection> connection, byte[] bytes) {
    RawMessage raw = RawMessage.read(bytes);
    Verdict verdict =
        screening.judge(raw, flow.transport().reliable() && !flow.transport().webSocket());
    if (verdict instanceof Verdict.Pass(SipMessage message)) {
      parse(flow, connection, raw, message);
    } else {
      screened(flow, raw, verdict);
    }
  }

  private void parse(
      Flow flow, Optional<TcpConnection> connection, RawMessage raw, SipMessage message) {
    SIPMessage reduced;
    try {
      reduced = Parsing.reduced(message);
      if (reduced instanceof SIPRequest) {
        mark(reduced.getTopmostVia(), flow);
      }
    } catch (ParseException | RuntimeException malformed) {
      // The stack's parser throws unchecked ones as well, and puts the peer's bytes into its own.
      String field = malformed instanceof MalformedField known ? known.getMessage() : "Message";
      screened(
          flow, raw, silenced(raw, new Verdict.Refuse(400, "Malformed " + field, SipHeaders.NONE)));
      return;
    }
    Flow back = back(reduced.getTopmostVia(), flow);
    if (message instanceof SipRequest request && agent.application().passesOn(flow, request)) {
      String via = viaAsWritten(reduced);
      proxy.pass(request, via, back, verdict -> screened(flow, raw, silenced(raw, verdict)));
    } else if (!proxy.returns(message) && !bypasses(reduced, message)) {
      reduced.setApplicationData(new Received(message, flow, back));
      deliver(flow, connection, reduced);
    }
  }

  private static String viaAsWritten(SIPMessage reduced) {
    String via = reduced.getTopmostVia().getHeaderValue();
    return reduced instanceof IncomingRequest incoming ? incoming.restored(via).toString() : via;
  }

  private boolean bypasses(SIPMessage reduced, SipMessage message) {
    return reduced instanceof SIPResponse stackResponse
        && message instanceof SipResponse response
        && agent.events().bypasses(stackResponse, response);
  }

  /// Responses and ACKs are never answered.
  private static Verdict silenced(RawMessage raw, Verdict.Refuse verdict) {
    boolean silent = raw.isResponse() || raw.startLine().startsWith("ACK ");
    return silent ? new Verdict.Drop(verdict.reason()) : verdict;
  }

  private void deliver(Flow flow, Optional<TcpConnection> connection, SIPMessage message) {
    InetSocketAddress source = flow.remote();
    if (flow.transport().reliable() && connection.isEmpty()) {
      return; // closed before its bytes were looked at
    }
    try {
      MessageChannel channel =
          connection.isPresent()
              ? agent.channels().channel(connection.get())
              : agent.channels().channel(source);
      Delivery.deliver(agent.stack(), channel, message, source);
    } catch (Exception broken) {
      // The stack refused a message that passed screening: this message ends, nothing else does.
      LOG.atWarn().addKeyValue("flow", flow).setCause(broken).log("sip.message-undelivered");
    }
  }

  /// Notes on the topmost Via where the request really came from (RFC 3261 §18.2.1, RFC 3581 §4).
  private static void mark(Via via, Flow flow) throws ParseException {
    if (!mayClaim(via.getTransport(), flow.transport())) {
      throw new MalformedField("Via Transport");
    }
    String source = flow.remote().getAddress().getHostAddress();
    via.removeParameter("maddr"); // answers go to the source, never where a sender points them
    if (via.hasParameter(Via.RPORT) || !via.getHost().equals(source)) {
      via.setParameter(Via.RECEIVED, source);
    }
    if (via.hasParameter(Via.RPORT)) {
      via.setParameter(Via.RPORT, Integer.toString(flow.remote().getPort()));
    }
  }

  /// A connection carries the answers whichever of our transports Via says: TLS may have ended at a
  /// proxy before us. A datagram that claims a connection leaves nowhere to answer.
  private static boolean mayClaim(String said, Flow.Transport by) {
    return by.reliable()
        ? Stream.of(Flow.Transport.values()).anyMatch(one -> one.via().equalsIgnoreCase(said))
        : by.via().equalsIgnoreCase(said);
  }

  private static Flow back(Via via, Flow flow) {
    if (flow.transport().reliable() || via.hasParameter(Via.RPORT)) {
      return flow;
    }
    int port = via.getPort() > 0 ? via.getPort() : DEFAULT_PORT;
    return new Flow(flow.transport(), new InetSocketAddress(flow.remote().getAddress(), port), 0);
  }

  private void screened(Flow flow, RawMessage raw, Verdict verdict) {
    switch (verdict) {
      case Verdict.Refuse refuse -> {
        Optional<Refusals.Answer> answer = refusals.write(raw, flow, refuse);
        answer.ifPresent(a -> agent.sendOrForget(new Target.Over(a.flow()), a.bytes()));
        agent
            .application()
            .screened(
                flow, raw.method(), answer.isPresent() ? refuse.status() : 0, refuse.reason());
      }
      case Verdict.Drop(String reason) ->
          agent.application().screened(flow, raw.method(), 0, reason);
      case Verdict.Pass pass -> throw new IllegalStateException("passed");
    }
  }
}
