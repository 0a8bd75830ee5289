package io.continuo.sip.jain;

import gov.nist.javax.sip.ReleaseReferencesStrategy;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.Optional;
import java.util.Set;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionAlreadyExistsException;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.TransactionUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the stack's transactions tell: requests to dialogs and the application, responses to the
/// calls that wait.
///
/// Threading: messages on the stripe of their Call-ID; time-outs on the stack's timer. Whatever is
/// thrown here is caught here: an Error would end the stack's thread.
final class StackEvents implements SipListener {
  private static final Logger LOG = LoggerFactory.getLogger(StackEvents.class);

  private static final int OK = 200;
  private static final int NO_SUCH_CALL = 481;
  private static final int LOOP_DETECTED = 482;
  private static final int SERVER_INTERNAL_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  /// Requests that may change the session of a dialog.
  private static final Set<String> CHANGES = Set.of("INVITE", "UPDATE");

  /// Requests that are nothing outside of a dialog (RFC 3261 §15, RFC 3262 §3).
  private static final Set<String> DIALOG_ONLY = Set.of("BYE", "PRACK");

  private final UserAgent agent;

  StackEvents(UserAgent agent) {
    this.agent = agent;
  }

  @Override
  public void processRequest(RequestEvent event) {
    try {
      SIPRequest stackRequest = (SIPRequest) event.getRequest();
      if (stackRequest.getApplicationData() instanceof Received received
          && received.message() instanceof SipRequest request) {
        // The transaction outlives its answer by 32 s over UDP; it need not hold the body so long.
        stackRequest.setApplicationData(null);
        if (request.method().equals("ACK")) {
          acked(request, stackRequest);
        } else {
          SIPServerTransaction transaction = transaction(event, stackRequest);
          requested(transaction, stackRequest, request, received);
        }
      }
    } catch (TransactionAlreadyExistsException repeated) {
      LOG.atTrace().log("sip.request-repeated");
    } catch (Throwable bug) {
      LOG.atError().setCause(bug).log("sip.request-failed");
    }
  }

  private SIPServerTransaction transaction(RequestEvent event, SIPRequest request)
      throws TransactionAlreadyExistsException, TransactionUnavailableException {
    SIPServerTransaction transaction =
        event.getServerTransaction() instanceof SIPServerTransaction present
            ? present
            : (SIPServerTransaction) agent.provider().getNewServerTransaction(request);
    if (!Identifiers.isUnique(request.getTopmostVia().getBranch())) {
      // Repetitions are known by the whole request then (RFC 3261 §17.2.3), so it must be kept.
      transaction.setReleaseReferencesStrategy(ReleaseReferencesStrategy.None);
    }
    return transaction;
  }

  private void acked(SipRequest request, SIPRequest stackRequest) {
    agent
        .dialogs()
        .ofRequest(request.headers())
        .ifPresent(dialog -> dialog.acked(stackRequest.getCSeq().getSeqNumber(), request));
  }

  private void requested(
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    boolean initialInvite = request.method().equals("INVITE") && stackRequest.getToTag() == null;
    if (initialInvite) {
      invited(new ServerInvite(agent, transaction, stackRequest, request, received), transaction);
      return;
    }
    Optional<Dialog> dialog = agent.dialogs().ofRequest(request.headers());
    ServerCall call =
        dialog.isPresent() && CHANGES.contains(request.method())
            ? new SessionChange(dialog.get(), agent, transaction, stackRequest, request, received)
            : new ServerCall(agent, transaction, stackRequest, request, received);
    if (request.method().equals("INVITE")) {
      transaction.setApplicationData(call);
    }
    if (request.method().equals("CANCEL")) {
      cancelled(call, transaction);
    } else if (stackRequest.getToTag() != null) {
      inDialog(call, dialog);
    } else if (DIALOG_ONLY.contains(request.method())) {
      call.refuse(NO_SUCH_CALL, "No Such Dialog");
    } else {
      told(call, () -> agent.application().requested(call));
    }
  }

  private void invited(ServerInvite invite, SIPServerTransaction transaction) {
    transaction.setApplicationData(invite);
    String key =
        ServerInvites.key(
            invite.callId(), Tags.of(invite.request().headers().first("From")), invite.sequence());
    switch (agent.invites().see(key, transaction.getBranchId())) {
      case REPEATED -> LOG.atDebug().log("sip.invite-repeated");
      case MERGED -> turnAway(invite, SipResponse.of(LOOP_DETECTED), "Merged Request");
      case TOO_MANY ->
          turnAway(
              invite,
              SipResponse.of(SERVICE_UNAVAILABLE, SipHeaders.of("Retry-After", "5")),
              "Too Many Invites");
      case NEW -> {
        told(invite, () -> agent.application().invited(invite));
        invite.trying();
      }
    }
  }

  private void turnAway(ServerInvite invite, SipResponse response, String reason) {
    if (invite.claim()) {
      agent.application().screened(invite.flow(), "INVITE", response.status(), reason);
      invite.sendOnce(response);
    }
  }

  private void cancelled(ServerCall call, SIPServerTransaction transaction) {
    if (transaction.getCanceledInviteTransaction() instanceof SIPServerTransaction invite
        && invite.getApplicationData() instanceof ServerCall waiting) {
      call.tagAs(waiting); // RFC 3261 §9.2
      call.respond(SipResponse.of(OK));
      agent.stripes().execute(call.callId(), waiting::cancelled);
    } else {
      call.refuse(NO_SUCH_CALL, "Nothing To Cancel");
    }
  }

  // A PRACK belongs to the early dialog even when the 2xx overtook it.
  private void inDialog(ServerCall call, Optional<Dialog> dialog) {
    boolean prack = call.request().method().equals("PRACK");
    Optional<ServerInvite> early =
        prack || dialog.isEmpty() ? agent.invites().ringing(call) : Optional.empty();
    if (early.isPresent()) {
      early.get().early(call);
    } else if (prack) {
      call.refuse(NO_SUCH_CALL, "Nothing To Acknowledge");
    } else if (dialog.isPresent()) {
      told(call, () -> dialog.get().requested(call));
    } else {
      call.refuse(NO_SUCH_CALL, "No Such Dialog");
    }
  }

  private static void told(ServerCall call, Runnable listener) {
    try {
      listener.run();
    } catch (Throwable bug) {
      LOG.atError().setCause(bug).log("sip.application-failed");
      call.refuse(SERVER_INTERNAL_ERROR, "Internal Error");
    }
    if (!call.isAnswered()) {
      call.limit();
    }
  }

  @Override
  public void processResponse(ResponseEvent event) {
    try {
      SIPMessage stackResponse = (SIPMessage) event.getResponse();
      if (stackResponse.getApplicationData() instanceof Received received
          && received.message() instanceof SipResponse response) {
        if (event.getClientTransaction() != null
            && event.getClientTransaction().getApplicationData() instanceof ClientCall call) {
          call.response(response);
        } else {
          unmatched(response, stackResponse.getCSeq().getSeqNumber());
        }
      }
    } catch (Throwable bug) {
      LOG.atError().setCause(bug).log("sip.response-failed");
    }
  }

  /// Takes a response that the stack's transactions have no use for; whether it was one. The stack
  /// compares such a response with every transaction there is before it says so, and leaves out a
  /// 2xx after a refusal.
  boolean bypasses(SIPResponse stackResponse, SipResponse response) {
    long sequence = stackResponse.getCSeq().getSeqNumber();
    ClientInvite invite = invite(stackResponse.getCallId().getCallId(), sequence);
    boolean late = invite != null && invite.finished() && accepts(response);
    if (!late && agent.stack().findTransaction(stackResponse.getTransactionId(), false) != null) {
      return false;
    }
    unmatched(response, sequence);
    return true;
  }

  private static boolean accepts(SipResponse response) {
    return response.status() / 100 == 2
        && response.headers().first("CSeq").orElse("").endsWith("INVITE");
  }

  // The first 2xx ends its transaction; those of other forks, and repetitions, come without one
  // (RFC 3261 §13.2.2.4).
  private void unmatched(SipResponse response, long sequence) {
    SipHeaders headers = response.headers();
    if (!accepts(response)) {
      return;
    }
    ClientInvite invite = invite(headers.first("Call-ID").orElse(""), sequence);
    if (invite != null) {
      invite.response(response);
    } else {
      agent.dialogs().ofResponse(headers).ifPresent(dialog -> dialog.acknowledgeAgain(sequence));
    }
  }

  private @Nullable ClientInvite invite(String callId, long sequence) {
    return agent.clientInvites().get(ClientInvite.key(callId, sequence));
  }

  @Override
  public void processTimeout(TimeoutEvent event) {
    if (!event.isServerTransaction()
        && event.getClientTransaction().getApplicationData() instanceof ClientCall call) {
      agent.stripes().execute(call.callId, call::timedOut);
    }
  }

  @Override
  public void processIOException(IOExceptionEvent event) {
    LOG.atDebug().log("sip.stack-io");
  }

  @Override
  public void processTransactionTerminated(TransactionTerminatedEvent event) {}

  @Override
  public void processDialogTerminated(DialogTerminatedEvent event) {}
}
