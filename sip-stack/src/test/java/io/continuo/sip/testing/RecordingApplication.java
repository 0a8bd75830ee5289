package io.continuo.sip.testing;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.InviteListener;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Notes everything that the endpoint tells, in one queue, and answers as a test wants.
public final class RecordingApplication implements SipApplication {
  private static final int WAIT_SECONDS = 30;

  public volatile Consumer<InboundInvite> onInvite = invite -> {};
  public volatile Consumer<InboundRequest> onRequest = request -> request.respond(ok());
  public volatile Predicate<SipRequest> passed = request -> false;
  public final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  /// Of what was screened.
  public final BlockingQueue<String> methods = new LinkedBlockingQueue<>();

  public final BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();
  public final BlockingQueue<SipDialog> dialogs = new LinkedBlockingQueue<>();

  /// For a test that answers later.
  public final BlockingQueue<InboundInvite> waiting = new LinkedBlockingQueue<>();

  private static SipResponse ok() {
    return SipResponse.of(200);
  }

  @Override
  public boolean passesOn(Flow flow, SipRequest request) {
    return passed.test(request);
  }

  @Override
  public void invited(InboundInvite invite) {
    told.add("invited");
    flows.add(invite.flow());
    onInvite.accept(invite);
  }

  @Override
  public void requested(InboundRequest request) {
    told.add("requested " + request.request().method());
    flows.add(request.flow());
    onRequest.accept(request);
  }

  @Override
  public void screened(Flow flow, String method, int status, String reason) {
    methods.add(method);
    told.add("screened " + status + " " + reason);
  }

  @Override
  public void flowClosed(Flow flow) {
    told.add("closed");
  }

  /// The next thing told; fails the test when nothing comes.
  public String next() {
    return take(told);
  }

  public static <T> T take(BlockingQueue<T> queue) {
    try {
      T taken = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("nothing was told");
      }
      return taken;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// Listens to a dialog and notes it.
  public DialogListener listener() {
    return new DialogListener() {
      @Override
      public void acknowledged(SipDialog dialog, SipRequest ack) {
        told.add("acknowledged");
      }

      @Override
      public void bye(SipRequest request) {
        told.add("bye");
      }

      @Override
      public void request(InboundRequest request) {
        told.add("in dialog " + request.request().method());
        onRequest.accept(request);
      }

      @Override
      public void lost(String reason) {
        told.add("lost " + reason);
      }
    };
  }

  /// Listens to an INVITE of ours and notes it.
  public InviteListener inviteListener() {
    return new InviteListener() {
      @Override
      public void provisional(SipResponse response) {
        told.add("provisional " + response.status());
      }

      @Override
      public DialogListener accepted(SipDialog dialog, SipResponse response) {
        dialogs.add(dialog);
        told.add("accepted " + response.status());
        return listener();
      }

      @Override
      public void refused(SipResponse response) {
        told.add("refused " + response.status());
      }
    };
  }
}
