package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sip.ObjectInUseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request that waits for our answer.
///
/// Threading: answered by any thread, sent on the stripe of its Call-ID.
class ServerCall implements InboundRequest {
  static final int REQUEST_TERMINATED = 487;
  private static final int SERVER_INTERNAL_ERROR = 500;

  private static final Logger LOG = LoggerFactory.getLogger(ServerCall.class);

  final UserAgent agent;
  final SipRequest request;
  final Received received;
  private final SIPServerTransaction transaction;
  private final SIPRequest stackRequest;
  private String tag;
  private final AtomicBoolean answered = new AtomicBoolean();
  private Timers.Later limit = Timers.Later.NEVER;

  ServerCall(
      UserAgent agent,
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    this.agent = agent;
    this.transaction = transaction;
    this.stackRequest = stackRequest;
    this.request = request;
    this.received = received;
    String present = stackRequest.getToTag();
    this.tag = present == null ? agent.identifiers().tag() : present;
  }

  @Override
  public final SipRequest request() {
    return request;
  }

  @Override
  public final Flow flow() {
    return received.flow();
  }

  @Override
  public void respond(SipResponse response) {
    if (claim()) {
      agent.stripes().execute(callId(), () -> sendFinal(response));
    } else {
      LOG.atDebug().addKeyValue("status", response.status()).log("sip.answer-second");
    }
  }

  /// Like [#respond], on the stripe: before anything else that this step sends.
  final void respondNow(SipResponse response) {
    if (claim()) {
      sendFinal(response);
    }
  }

  /// Refuses what the application never sees; tells it, for the log line and the counter.
  ///
  /// @param reason a short fixed phrase
  final void refuse(int status, String reason) {
    refuse(status, reason, SipHeaders.NONE);
  }

  /// @param headers of the answer
  final void refuse(int status, String reason, SipHeaders headers) {
    agent.application().screened(flow(), request.method(), status, reason);
    respond(SipResponse.of(status, headers));
  }

  /// Answers for an application that does not: its peer gave up by then (RFC 3261 §17.1.2.2), and
  /// the transaction would stay for ever.
  final void limit() {
    limit =
        agent.later(
            patience(),
            callId(),
            () -> {
              if (claim()) {
                unanswered();
              }
            });
  }

  /// How long the application may take.
  Duration patience() {
    return agent.timers().timeout();
  }

  void unanswered() {
    LOG.atWarn().addKeyValue("method", request.method()).log("sip.request-unanswered");
    sendFinal(SipResponse.of(SERVER_INTERNAL_ERROR));
  }

  /// Sends a final response that is ours to send.
  void sendFinal(SipResponse response) {
    send(response);
  }

  /// The peer cancels: true when it was in time (RFC 3261 §9.2).
  boolean cancelled() {
    boolean inTime = claim();
    if (inTime) {
      send(SipResponse.of(REQUEST_TERMINATED));
    }
    return inTime;
  }

  /// Takes the right to give the final answer; true once.
  final boolean claim() {
    return answered.compareAndSet(false, true);
  }

  final boolean isAnswered() {
    return answered.get();
  }

  final String callId() {
    return stackRequest.getCallId().getCallId();
  }

  final long sequence() {
    return stackRequest.getCSeq().getSeqNumber();
  }

  final String tag() {
    return tag;
  }

  /// Answers with the To-tag of another call, from now on.
  final void tagAs(ServerCall other) {
    tag = other.tag;
  }

  /// Sends a final response and forgets the request: nothing repeats the response, and the request
  /// that comes again is a new one. So it gets the To-tag that all of these have (RFC 3261 §8.2.7).
  final void sendOnce(SipResponse response) {
    tag = agent.statelessTag();
    limit.cancel();
    agent.sendOrForget(new Target.Over(received.back()), written(outgoing(response)));
    try {
      transaction.terminate();
    } catch (ObjectInUseException never) {
      throw new IllegalStateException(never);
    }
    agent.stack().removeTransaction(transaction);
  }

  /// Sends on the stripe; returns what was sent, for repeating it.
  final byte[] send(SipResponse response) {
    try {
      if (response.status() >= 200) {
        limit.cancel();
      }
      OutgoingResponse outgoing = outgoing(response);
      transaction.sendMessage(outgoing);
      return written(outgoing);
    } catch (IOException gone) {
      LOG.atDebug().addKeyValue("why", gone.getMessage()).log("sip.answer-unsent");
      return new byte[0];
    }
  }

  private byte[] written(OutgoingResponse outgoing) {
    return outgoing.encodeAsBytes(received.flow().transport().via());
  }

  private OutgoingResponse outgoing(SipResponse response) {
    try {
      SIPResponse owned = stackRequest.createResponse(response.status());
      if (response.status() != SIPResponse.TRYING && owned.getTo().getTag() == null) {
        owned.getTo().setTag(tag);
      }
      return new OutgoingResponse(stackRequest, owned, complete(response));
    } catch (ParseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Adds what every response of ours has: Server, and the route of a dialog (RFC 3261 §12.1.1).
  private SipResponse complete(SipResponse response) {
    SipHeaders headers = Parsing.others(response.headers());
    if (request.method().equals("INVITE") && response.status() > 100 && response.status() < 300) {
      for (String route : request.headers().lines("Record-Route")) {
        headers = headers.with("Record-Route", route);
      }
    }
    if (!headers.has("Server")) {
      headers = headers.with("Server", agent.config().serverName());
    }
    return new SipResponse(response.status(), response.reason(), headers, response.body());
  }
}
