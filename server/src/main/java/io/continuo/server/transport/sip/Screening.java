package io.continuo.server.transport.sip;

import io.continuo.server.registrar.Registration;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Checks that several methods share.
final class Screening {
  private Screening() {}

  /// RFC 3261 §8.2.2.3: an extension that is required and not understood is 420.
  static void requiresOnly(SipRequest request, Predicate<String> understood) throws RequestRefused {
    List<String> others =
        request.headers().elements("Require").stream().filter(understood.negate()).toList();
    if (!others.isEmpty()) {
      throw new RequestRefused(
          420,
          "unsupported extension required",
          SipHeaders.of("Unsupported", String.join(", ", others)));
    }
  }

  /// RFC 3261 §8.2.3: no encoding but identity is understood.
  static void plainBody(SipRequest request) throws RequestRefused {
    Optional<String> encoding = request.headers().first("Content-Encoding");
    if (encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity")) {
      throw new RequestRefused(
          415, "content encoding", SipHeaders.of("Accept-Encoding", "identity"));
    }
  }

  /// The parts of the body.
  static MultipartBody body(SipRequest request) throws RequestRefused {
    plainBody(request);
    String type = request.headers().first("Content-Type").orElse("");
    if (type.isEmpty() && request.body().length > 0) {
      throw new RequestRefused(400, "body without Content-Type");
    }
    return MultipartBody.parse(type, request.body())
        .orElseThrow(() -> new RequestRefused(400, "malformed multipart body"));
  }

  /// The first Contact, when it is a SIP URI.
  static Optional<Registration.Contact> contact(SipRequest request) {
    return request.headers().elements("Contact").stream().findFirst().flatMap(Screening::contact);
  }

  /// A Contact element with a SIP URI.
  static Optional<Registration.Contact> contact(String element) {
    return NameAddr.parse(element)
        .filter(name -> name.uri().matches("(?i)sips?:\\S+"))
        .map(name -> new Registration.Contact(name.uri(), name.parameters()));
  }

  /// The flow as the device's own: empty when a CSCF or a proxy stands between, which carries other
  /// people's requests too.
  static Optional<String> deviceFlow(InboundRequest inbound, boolean throughCore) {
    boolean direct = inbound.request().headers().elements("Via").size() <= 1;
    return direct && !throughCore ? Optional.of(inbound.flow().toString()) : Optional.empty();
  }

  /// The number in CSeq.
  static long cseq(SipRequest request) throws RequestRefused {
    String number = request.headers().first("CSeq").orElse("").split("\\s+", 2)[0];
    if (!number.matches("\\d{1,10}")) {
      throw new RequestRefused(400, "no usable CSeq");
    }
    return Long.parseLong(number);
  }
}
