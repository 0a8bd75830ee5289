package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.StringMsgParser;
import gov.nist.javax.sip.stack.HopImpl;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sip.SipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Client transactions that run (RFC 3261 §17.1), by branch and by connection.
///
/// Threading: starts and ends on the stripe of the Call-ID; failures come from event loops.
final class ClientRequests {
  private static final Logger LOG = LoggerFactory.getLogger(ClientRequests.class);

  private final UserAgent agent;
  private final Map<String, ClientCall> byBranch = new ConcurrentHashMap<>();
  private final Map<Long, Set<ClientCall>> byConnection = new ConcurrentHashMap<>();
  private final Map<ClientCall, Placed> placed = new ConcurrentHashMap<>();

  private record Placed(String branch, Flow flow) {}

  ClientRequests(UserAgent agent) {
    this.agent = agent;
  }

  /// Sends a request in a transaction of its own. What comes of it is told to the call, also when
  /// it cannot be sent.
  void start(ClientCall call, Target target, RequestHead head, SipHeaders headers, byte[] body) {
    String branch = agent.identifiers().branch();
    try {
      Line line = agent.line(target);
      OutgoingRequest request =
          new OutgoingRequest(parsed(head, agent.via(target, branch)), head.uri(), headers, body);
      place(call, branch, line.flow());
      call.started(transaction(call, request, line.channel(), branch));
      agent.stack().addTransaction(started(call));
      started(call).sendRequest();
    } catch (SipException | IOException unsendable) {
      LOG.atDebug().addKeyValue("why", unsendable.getMessage()).log("sip.request-unsent");
      abandon(call);
    } catch (ParseException | IllegalArgumentException malformed) {
      LOG.atError().addKeyValue("method", head.method()).setCause(malformed).log("sip.request-bad");
      abandon(call);
    }
  }

  /// Sends CANCEL for an INVITE that has a provisional response (RFC 3261 §9.1).
  void cancel(ClientCall invite, String uri, SipHeaders headers) {
    try {
      SIPClientTransaction cancelled = started(invite);
      SIPRequest owned = (SIPRequest) cancelled.createCancel();
      OutgoingRequest request = new OutgoingRequest(owned, uri, headers, new byte[0]);
      ClientRequest call = new ClientRequest(agent, invite.callId, response -> {});
      SIPClientTransaction transaction =
          transaction(call, request, cancelled.getMessageChannel(), cancelled.getBranch());
      agent.stack().addTransaction(transaction);
      transaction.sendRequest();
    } catch (SipException unsendable) {
      // The connection is gone; the INVITE itself hears of it.
      LOG.atDebug().addKeyValue("why", unsendable.getMessage()).log("sip.cancel-unsent");
    }
  }

  private static SIPClientTransaction started(ClientCall call) {
    return java.util.Objects.requireNonNull(call.transaction());
  }

  // Built by hand rather than by SipProvider#getNewClientTransaction: that one asks a router and
  // opens a channel of its own, where we know the channel already.
  private SIPClientTransaction transaction(
      ClientCall call, SIPRequest request, MessageChannel channel, String branch) {
    SIPClientTransaction transaction = agent.stack().createClientTransaction(request, channel);
    transaction.setNextHop(
        new HopImpl(channel.getPeerAddress(), channel.getPeerPort(), channel.getTransport()));
    transaction.setOriginalRequest(request);
    transaction.setBranch(branch);
    transaction.addEventListener(agent.provider());
    transaction.setApplicationData(call);
    transaction.setRetransmitTimer((int) agent.timers().t1().toMillis());
    return transaction;
  }

  private static SIPRequest parsed(RequestHead head, String via) throws ParseException {
    String text = head.startLine() + "\r\n" + head.fields(via) + "\r\n";
    return (SIPRequest)
        new StringMsgParser()
            .parseSIPMessage(text.getBytes(StandardCharsets.UTF_8), false, false, Parsing.STRICT);
  }

  private void place(ClientCall call, String branch, Flow flow) {
    byBranch.put(branch, call);
    placed.put(call, new Placed(branch, flow));
    if (flow.connection() != 0) {
      byConnection
          .computeIfAbsent(flow.connection(), id -> ConcurrentHashMap.newKeySet())
          .add(call);
    }
  }

  /// A call that waits no more.
  void ended(ClientCall call) {
    Placed was = placed.remove(call);
    if (was != null) {
      byBranch.remove(was.branch());
      byConnection.computeIfPresent(
          was.flow().connection(),
          (id, calls) -> {
            calls.remove(call);
            return calls.isEmpty() ? null : calls;
          });
    }
  }

  /// The socket refused a request.
  void failed(SIPRequest request) {
    @Nullable ClientCall call = byBranch.get(request.getTopmostVia().getBranch());
    if (call != null
        && !request.getMethod().equals("CANCEL")
        && !request.getMethod().equals("ACK")) {
      agent.stripes().execute(call.callId, () -> abandon(call));
    }
  }

  /// A connection is gone: its requests will not be answered.
  void closed(Flow flow) {
    Set<ClientCall> calls = byConnection.get(flow.connection());
    if (calls != null) {
      calls.forEach(call -> agent.stripes().execute(call.callId, () -> abandon(call)));
    }
  }

  /// Ends the transaction and tells the call 503.
  private void abandon(ClientCall call) {
    terminate(call);
    call.unsent();
  }

  /// Takes the transaction out of the stack.
  void terminate(ClientCall call) {
    ended(call);
    SIPClientTransaction transaction = call.transaction();
    if (transaction != null) {
      try {
        transaction.terminate();
      } catch (javax.sip.ObjectInUseException never) {
        throw new IllegalStateException(never);
      }
      agent.stack().removeTransaction(transaction);
    }
  }

  int size() {
    return placed.size() + byBranch.size() + byConnection.size();
  }
}
