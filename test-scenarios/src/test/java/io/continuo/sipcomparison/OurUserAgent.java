package io.continuo.sipcomparison;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.InviteListener;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// The trivial forking B2BUA and registrar on our `sip-stack`. A process of its own.
///
/// Threading: the stack's threads; a call's legs come on several of them.
final class OurUserAgent implements SipApplication, AutoCloseable {
  private final SipEndpoint endpoint;
  private final Map<String, Set<String>> contacts = new ConcurrentHashMap<>();

  private final UnaryOperator<Set<String>> forking;

  /// @param forking which of a callee's devices are invited
  OurUserAgent(UnaryOperator<Set<String>> forking) throws IOException {
    this.forking = forking;
    this.endpoint =
        SipEndpoint.start(
            new SipEndpointConfig(
                "127.0.0.1",
                0,
                Set.of("INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "OPTIONS"),
                65_000,
                1_300,
                2_000,
                Duration.ofHours(1),
                "B2BUA"),
            this);
  }

  public static void main(String[] arguments) throws IOException {
    Contestant.ready(new OurUserAgent(UnaryOperator.identity()).address());
  }

  InetSocketAddress address() {
    return endpoint.address();
  }

  @Override
  public void requested(InboundRequest request) {
    SipHeaders headers = request.request().headers();
    contacts
        .computeIfAbsent(user(headers.first("To").orElse("")), key -> ConcurrentHashMap.newKeySet())
        .add(uri(headers.first("Contact").orElse("")));
    request.respond(
        SipResponse.of(
            200, SipHeaders.of("Contact", headers.first("Contact").orElse("") + ";expires=3600")));
  }

  @Override
  public void invited(InboundInvite invite) {
    new Call(invite)
        .fork(forking.apply(contacts.getOrDefault(user(invite.request().uri()), Set.of())));
  }

  static String user(String text) {
    return text.substring(text.indexOf("sip:") + 4, text.indexOf('@'));
  }

  static String uri(String nameAddr) {
    return nameAddr.substring(nameAddr.indexOf('<') + 1, nameAddr.indexOf('>'));
  }

  /// One call and its legs.
  private final class Call implements DialogListener {
    private final InboundInvite invite;
    private final List<SipDialog> legs = new ArrayList<>();
    private int devices;
    private boolean ringing;

    Call(InboundInvite invite) {
      this.invite = invite;
    }

    void fork(Set<String> targets) {
      devices = targets.size();
      byte[] body = invite.request().body();
      for (String target : targets) {
        endpoint.invite(
            new OutboundRequest("INVITE", target, headers(), body, new NextHop.ByRoute()),
            new Leg(this));
      }
    }

    private SipHeaders headers() {
      SipHeaders invited = invite.request().headers();
      List<SipHeader> headers = new ArrayList<>();
      String from = invited.first("From").orElse("");
      headers.add(new SipHeader("From", from.substring(0, from.indexOf(';'))));
      headers.add(new SipHeader("Contact", contact()));
      for (String name : List.of("To", "Accept-Contact", "Allow", "Supported", "Content-Type")) {
        invited.first(name).ifPresent(value -> headers.add(new SipHeader(name, value)));
      }
      return new SipHeaders(headers);
    }

    private String contact() {
      return "<sip:b2bua@127.0.0.1:%d;transport=%s>"
          .formatted(endpoint.address().getPort(), invite.flow().transport().lower());
    }

    synchronized void rings() {
      if (!ringing) {
        ringing = true;
        invite.provisional(SipResponse.of(180));
      }
    }

    synchronized void accepted(SipDialog leg, SipResponse response) {
      legs.add(leg);
      if (legs.size() == devices) {
        SipHeaders headers = SipHeaders.of("Contact", contact(), "Content-Type", "application/sdp");
        invite.accept(new SipResponse(200, "", headers, response.body()), this);
      }
    }

    @Override
    public synchronized void bye(SipRequest request) {
      legs.forEach(leg -> leg.bye(SipHeaders.NONE));
    }

    @Override
    public void acknowledged(SipDialog dialog, SipRequest ack) {
      // Its legs have been acknowledged already.
    }

    @Override
    public void request(InboundRequest request) {
      request.respond(SipResponse.of(200));
    }

    @Override
    public void lost(String reason) {
      System.err.println("lost: " + reason);
    }
  }

  /// One device's side.
  private record Leg(Call call) implements InviteListener {
    @Override
    public void provisional(SipResponse response) {
      call.rings();
    }

    @Override
    public DialogListener accepted(SipDialog dialog, SipResponse response) {
      call.accepted(dialog, response);
      return call;
    }

    @Override
    public void refused(SipResponse response) {
      System.err.println("refused: " + response.status());
    }
  }

  @Override
  public void screened(Flow flow, String method, int status, String reason) {
    System.err.println("screened: " + method + " " + status + " " + reason);
  }

  @Override
  public void flowClosed(Flow flow) {
    // The load is over.
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
