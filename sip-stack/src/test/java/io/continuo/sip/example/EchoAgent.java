package io.continuo.sip.example;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/// The example of the README, which is shown to hold this very text.
// README begins
public final class EchoAgent implements SipApplication, DialogListener, AutoCloseable {
  private static final Set<String> METHODS = Set.of("INVITE", "MESSAGE", "OPTIONS");

  private final SipEndpoint endpoint;

  /// @param port 0 picks a free one
  public EchoAgent(String host, int port) throws IOException {
    var config =
        new SipEndpointConfig(
            host, port, METHODS, 65_535, 1_300, 50, Duration.ofMinutes(10), "Echo/1");
    this.endpoint = SipEndpoint.start(config, this);
  }

  @Override
  public void invited(InboundInvite invite) {
    var contact = "<sip:echo@%s:%d>".formatted(host(), endpoint.address().getPort());
    invite.accept(SipResponse.of(200, SipHeaders.of("Contact", contact)), this);
  }

  @Override
  public void requested(InboundRequest request) {
    request.respond(SipResponse.of(200));
    if (request.request().method().equals("MESSAGE")) {
      echo(request.request(), request.flow());
    }
  }

  private void echo(SipRequest message, Flow flow) {
    var headers =
        SipHeaders.of(
            "From", message.headers().first("To").orElseThrow(),
            "To", message.headers().first("From").orElseThrow().replaceAll(";tag=.*", ""),
            "Content-Type", message.headers().first("Content-Type").orElse("text/plain"));
    endpoint.send(
        new OutboundRequest(
            "MESSAGE", "sip:" + host(), headers, message.body(), new NextHop.OverFlow(flow)),
        response -> System.out.println("echo: " + response.status()));
  }

  @Override
  public void request(InboundRequest request) {
    requested(request); // in a dialog as outside of one
  }

  @Override
  public void bye(SipRequest request) {} // the stack has answered it

  @Override
  public void acknowledged(SipDialog dialog, SipRequest ack) {}

  @Override
  public void lost(String reason) {}

  @Override
  public void screened(Flow flow, String method, int status, String reason) {
    System.out.println(method + " from " + flow + ": " + status + " " + reason);
  }

  @Override
  public void flowClosed(Flow flow) {}

  String host() {
    return endpoint.address().getAddress().getHostAddress();
  }

  @Override
  public void close() {
    endpoint.close();
  }

  // README ends
  SipEndpoint endpoint() {
    return endpoint;
  }
}
