package io.continuo.server.transport.sip;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.InviteListener;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// An endpoint without a network: it keeps what was handed to it, and a test answers.
final class FakeEndpoint implements SipEndpoint {
  record Call(OutboundRequest request, InviteListener listener, List<SipHeaders> cancels) {}

  record InDialog(String method, SipHeaders headers, byte[] body, ResponseListener listener) {}

  record Sent(OutboundRequest request, ResponseListener listener) {}

  final List<Call> calls = new ArrayList<>();
  final List<Sent> sent = new ArrayList<>();
  final List<Long> closedConnections = new ArrayList<>();

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress("127.0.0.1", 5070);
  }

  @Override
  public void send(OutboundRequest request, ResponseListener listener) {
    sent.add(new Sent(request, listener));
  }

  @Override
  public OutboundInvite invite(OutboundRequest request, InviteListener listener) {
    Call call = new Call(request, listener, new ArrayList<>());
    calls.add(call);
    return call.cancels()::add;
  }

  @Override
  public boolean isOpen(Flow flow) {
    return !closedConnections.contains(flow.connection());
  }

  @Override
  public void close() {
    calls.clear();
  }

  /// A dialog that keeps its BYEs and other requests.
  static final class Dialog implements SipDialog {
    final List<SipHeaders> byes = new ArrayList<>();
    final List<InDialog> requests = new ArrayList<>();

    @Override
    public void bye(SipHeaders headers) {
      byes.add(headers);
    }

    @Override
    public void request(String method, SipHeaders headers, byte[] body, ResponseListener listener) {
      requests.add(new InDialog(method, headers, body, listener));
    }
  }

  /// A request that came in.
  static class Request implements InboundRequest {
    final SipRequest request;
    final Flow flow;
    final List<SipResponse> responses = new ArrayList<>();

    Request(SipRequest request, Flow flow) {
      this.request = request;
      this.flow = flow;
    }

    @Override
    public SipRequest request() {
      return request;
    }

    @Override
    public Flow flow() {
      return flow;
    }

    @Override
    public void respond(SipResponse response) {
      responses.add(response);
    }

    SipResponse answer() {
      if (responses.size() != 1) {
        throw new AssertionError("not one answer: " + responses);
      }
      return responses.getFirst();
    }

    int status() {
      return answer().status();
    }
  }

  /// An INVITE that came in.
  static final class Invite extends Request implements InboundInvite {
    final Dialog dialog = new Dialog();
    final List<SipResponse> provisionals = new ArrayList<>();
    DialogListener listener;
    Runnable cancelled = () -> {};

    Invite(SipRequest request, Flow flow) {
      super(request, flow);
    }

    @Override
    public void provisional(SipResponse response) {
      provisionals.add(response);
    }

    @Override
    public SipDialog accept(SipResponse ok, DialogListener toTell) {
      responses.add(ok);
      listener = toTell;
      return dialog;
    }

    @Override
    public void onCancel(Runnable toTell) {
      cancelled = toTell;
    }
  }
}
