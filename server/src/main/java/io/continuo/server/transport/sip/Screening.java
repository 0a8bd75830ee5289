package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.MaxForwards;
import io.continuo.server.registrar.Registration;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks that several methods share.
final class Screening {
  /// What a body of ours may be for (RFC 3261 §20.11, RFC 5366 §3, RFC 5438 §7.2.1.1).
  private static final Set<String> DISPOSITIONS =
      Set.of("session", "render", "recipient-list", "notification");

  private static final Pattern OPTIONAL =
      Pattern.compile(";\\s*handling\\s*=\\s*\"?optional", Pattern.CASE_INSENSITIVE);

  private static final Pattern SIP_URI = Pattern.compile("(?i)sips?:\\S+");
  private static final Pattern QUALITY =
      Pattern.compile("\\s*q\\s*=\\s*((?:0|1)(?:\\.\\d{0,3})?)\\s*");

  /// Of a sequence number: it is below 2^31 (RFC 3261 §8.1.1.5).
  private static final int MOST_DIGITS = 10;

  private Screening() {}

  /// RFC 3261 §8.2.2.3: an extension that is required and not understood is 420.
  ///
  /// @param understood asked for each tag in lower case (§7.3.1)
  static void requiresOnly(SipRequest request, Predicate<String> understood) throws RequestRefused {
    List<String> others =
        request.headers().elements("Require").stream()
            .filter(tag -> !understood.test(tag.toLowerCase(Locale.ROOT)))
            .toList();
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
    Optional<String> disposition = request.headers().first("Content-Disposition");
    if (request.body().length > 0 && disposition.filter(Screening::isForeign).isPresent()) {
      throw new RequestRefused(415, "content disposition");
    }
  }

  /// RFC 3261 §20.11: a purpose unknown here, whose handling is required unless it says otherwise.
  private static boolean isForeign(String disposition) {
    String purpose = disposition.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return !DISPOSITIONS.contains(purpose) && !OPTIONAL.matcher(disposition).find();
  }

  /// RFC 3261 §8.2.3. A body without Content-Type counts as of this type.
  ///
  /// @param type that alone is taken
  static void isOf(SipRequest request, String type) throws RequestRefused {
    plainBody(request);
    Optional<String> said = request.headers().first("Content-Type");
    if (said.isPresent() && !MultipartBody.mediaType(said.get()).equals(type)) {
      throw new RequestRefused(415, "content type", SipHeaders.of("Accept", type));
    }
  }

  /// RFC 3261 §20.1, §21.4.7: who lists what it takes in an answer, and not this, is answered 406.
  /// Without Accept an INVITE takes SDP.
  ///
  /// @param type in lower case
  static void takes(SipRequest request, String type) throws RequestRefused {
    if (!request.headers().lines("Accept").isEmpty()
        && quality(request.headers().elements("Accept"), type) == 0) {
      throw new RequestRefused(406, "no acceptable content type for the answer");
    }
  }

  /// Of the closest range that names the type; 0 when none does.
  private static double quality(List<String> ranges, String type) {
    String any = type.substring(0, type.indexOf('/') + 1) + "*";
    for (String range : List.of(type, any, "*/*")) {
      for (String element : ranges) {
        String[] parts = element.toLowerCase(Locale.ROOT).split(";");
        if (parts[0].strip().equals(range)) {
          return quality(parts);
        }
      }
    }
    return 0;
  }

  private static double quality(String[] parts) {
    return Arrays.stream(parts)
        .map(part -> QUALITY.matcher(part))
        .filter(Matcher::matches)
        .mapToDouble(quality -> Double.parseDouble(quality.group(1)))
        .findFirst()
        .orElse(1);
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
        .filter(name -> SIP_URI.matcher(name.uri()).matches())
        .map(name -> new Registration.Contact(name.uri(), name.parameters()));
  }

  /// The flow as the device's own: empty when a CSCF or a proxy stands between, which carries other
  /// people's requests too. A Path says so even of a border controller that hides the Via of the
  /// device (RFC 3327 §5.3).
  static Optional<String> deviceFlow(InboundRequest inbound, boolean throughCore) {
    SipHeaders headers = inbound.request().headers();
    boolean direct = headers.elements("Via").size() <= 1 && !headers.has("Path");
    return direct && !throughCore ? Optional.of(inbound.flow().toString()) : Optional.empty();
  }

  /// What a request says that is to be passed on (RFC 3261 §16.3 (3), RFC 7332 §4): one that may
  /// not is 483, before anything comes of it.
  static int maxForwards(SipRequest request) throws RequestRefused {
    int hops =
        request
            .headers()
            .first("Max-Forwards")
            .map(text -> Integer.parseInt(text.strip()))
            .orElse(MaxForwards.OURS);
    if (hops == 0) {
      throw new RequestRefused(483, "too many hops");
    }
    return hops;
  }

  /// The number in CSeq; -1 when there is none, which the endpoint does not let through.
  static long sequence(SipRequest request) {
    String text = request.headers().first("CSeq").orElse("").strip();
    int end = 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end == 0 || end > MOST_DIGITS ? -1 : Long.parseLong(text.substring(0, end));
  }

  /// The number in CSeq.
  static long cseq(SipRequest request) throws RequestRefused {
    long number = sequence(request);
    if (number < 0) {
      throw new RequestRefused(400, "no usable CSeq");
    }
    return number;
  }

  /// The SDP in a request; empty when there is none. A body without Content-Type counts as SDP.
  static byte[] sdp(SipRequest request) {
    String type = request.headers().first("Content-Type").orElse(MediaText.TYPE);
    return MultipartBody.parse(type, request.body())
        .flatMap(body -> body.first(MediaText.TYPE))
        .map(MultipartBody.Part::content)
        .orElseGet(() -> new byte[0]);
  }
}
