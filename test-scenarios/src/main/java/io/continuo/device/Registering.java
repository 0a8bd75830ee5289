package io.continuo.device;

import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.SipAgent;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipText;
import java.util.Optional;

/// Who the device is to the server: its REGISTER (RFC 3261 §10.2), and the answer to a digest
/// challenge of this or any other request (RFC 8760).
///
/// Threading: any thread; one REGISTER at a time.
final class Registering {
  private final DeviceConfig config;
  private final Requests requests;
  private final String callId = SipText.random(12);
  private long sequence;
  private volatile boolean registered;

  Registering(DeviceConfig config, Requests requests) {
    this.config = config;
    this.requests = requests;
  }

  /// REGISTERs for some seconds and answers one challenge; the final answer.
  synchronized SipResponse register(SipAgent agent, String contact, int expires) {
    SipResponse answer = send(agent, contact, expires, Optional.empty());
    if (isChallenge(answer)) {
      answer = send(agent, contact, expires, Optional.of(answer));
    }
    if (answer.isSuccess()) {
      registered = expires > 0;
    }
    return answer;
  }

  private SipResponse send(
      SipAgent agent, String contact, int expires, Optional<SipResponse> challenge) {
    SipRequest request = requests.register(contact, callId, ++sequence, expires);
    return agent.call(
        challenge.map(asked -> answering(asked, request)).orElse(request), null, config.patience());
  }

  /// Whether its last REGISTER that was accepted made a binding.
  boolean isRegistered() {
    return registered;
  }

  /// The device is gone without a word.
  void forget() {
    registered = false;
  }

  static boolean isChallenge(SipResponse response) {
    return response.status() == 401 || response.status() == 407;
  }

  /// The request that was challenged, once more and with the answer (RFC 3261 §22.2).
  SipRequest again(SipResponse challenge, SipRequest request) {
    String next = (request.sequence() + 1) + " " + request.method();
    SipHeaders headers = request.headers().without("CSeq").with("CSeq", next);
    return answering(challenge, request.with(headers));
  }

  private SipRequest answering(SipResponse challenge, SipRequest request) {
    return DigestAnswer.to(challenge, request, config.user(), config.password())
        .map(field -> request.with(request.headers().with(field.name(), field.value())))
        .orElse(request);
  }
}
