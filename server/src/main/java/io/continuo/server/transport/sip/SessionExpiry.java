package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.SessionInterval;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What is said of session timers (RFC 4028) in INVITE, UPDATE and their answers. A device that
/// says nothing of timers gets none from us: its MSRP connection tells whether it is there.
///
/// @param expires the interval that we ask for
/// @param least the shortest that we take (Min-SE)
record SessionExpiry(Duration expires, Duration least) {
  static final String TAG = "timer";

  private static final String SESSION_EXPIRES = "Session-Expires";
  private static final String MIN_SE = "Min-SE";

  /// What a request that is sent again says anew.
  private static final List<String> TIMER_FIELDS =
      List.of(SESSION_EXPIRES, MIN_SE, "Call-ID", "CSeq");

  /// Refuses an interval that is malformed or too brief. 422 is for those only who know what to do
  /// about it (RFC 4028 §9).
  void check(SipRequest request) throws RequestRefused {
    Optional<String> asked = request.headers().first(SESSION_EXPIRES);
    if (asked.isEmpty()) {
      return;
    }
    Optional<Duration> interval = interval(asked.get());
    if (interval.isEmpty()) {
      throw new RequestRefused(400, "no usable Session-Expires");
    }
    if (supported(request) && interval.get().compareTo(least) < 0) {
      throw new RequestRefused(
          422, "session interval too brief", SipHeaders.of(MIN_SE, seconds(least)));
    }
  }

  /// The timer of a session that this request begins or refreshes, as we answer it (RFC 4028 §9,
  /// table 2): the device refreshes when it says so, else we do.
  Optional<SessionInterval> granted(SipRequest request) {
    Optional<String> asked = request.headers().first(SESSION_EXPIRES);
    if (asked.isEmpty()) {
      return supported(request)
          ? Optional.of(new SessionInterval(longest(expires, minimum(request)), true))
          : Optional.empty();
    }
    boolean theirs = supported(request) && refresher(asked.get(), "uac");
    return interval(asked.get())
        .filter(interval -> interval.compareTo(least) >= 0)
        .map(interval -> shortened(interval, minimum(request)))
        .map(interval -> new SessionInterval(interval, !theirs));
  }

  /// An interval may be made shorter, but not below what its request allows.
  private Duration shortened(Duration asked, Duration minimum) {
    Duration ours = longest(expires, minimum);
    return asked.compareTo(ours) < 0 ? asked : ours;
  }

  private Duration minimum(SipMessage message) {
    OptionalInt said = ChatHeaders.seconds(message.headers(), MIN_SE);
    return said.isPresent() ? longest(least, Duration.ofSeconds(said.getAsInt())) : least;
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /// With what our 2xx says of it.
  static SipHeaders granted(
      SipHeaders headers, Optional<SessionInterval> interval, SipRequest request) {
    SipHeaders ours = headers.with("Supported", TAG);
    if (interval.isEmpty()) {
      return ours;
    }
    String refresher = interval.get().weRefresh() ? "uas" : "uac";
    SipHeaders timed =
        ours.with(SESSION_EXPIRES, seconds(interval.get().expires()) + ";refresher=" + refresher);
    return supported(request) ? timed.with("Require", TAG) : timed;
  }

  /// With what an INVITE or UPDATE of ours asks for: we refresh (RFC 4028 §7.1, §7.4).
  SipHeaders asked(SipHeaders headers, Duration interval) {
    return interval(headers.with("Supported", TAG), interval, least);
  }

  /// The same once the device has said what is the least for it.
  SipHeaders asked(SipHeaders headers, Duration interval, Duration minimum) {
    return interval(headers.with("Supported", TAG), interval, longest(minimum, least));
  }

  private static SipHeaders interval(SipHeaders headers, Duration interval, Duration minimum) {
    return headers
        .with(SESSION_EXPIRES, seconds(interval) + ";refresher=uac")
        .with(MIN_SE, seconds(minimum));
  }

  /// The request that was refused with 422, with another interval: in the same call, as the device
  /// knows it (RFC 4028 §7.3).
  OutboundRequest askedAgain(OutboundRequest request, SipResponse refused, Duration interval) {
    SipHeaders headers = interval(withoutTimer(request.headers()), interval, interval);
    Optional<String> callId = refused.headers().first("Call-ID");
    OptionalLong sequence = sequence(refused.headers().first("CSeq").orElse(""));
    if (callId.isPresent() && sequence.isPresent()) {
      headers =
          headers
              .with("Call-ID", callId.get())
              .with("CSeq", sequence.getAsLong() + 1 + " " + request.method());
    }
    return new OutboundRequest(
        request.method(), request.uri(), headers, request.body(), request.nextHop());
  }

  private static OptionalLong sequence(String cseq) {
    String number = cseq.strip().split("\\s", 2)[0];
    return number.matches("\\d{1,10}")
        ? OptionalLong.of(Long.parseLong(number))
        : OptionalLong.empty();
  }

  private static SipHeaders withoutTimer(SipHeaders headers) {
    return new SipHeaders(
        headers.all().stream().filter(header -> !TIMER_FIELDS.contains(header.name())).toList());
  }

  /// The timer that a 2xx to such a request agrees to (RFC 4028 §7.2); empty when the device knows
  /// of none. Less than we allow counts as the least.
  Optional<SessionInterval> agreed(SipResponse ok) {
    Optional<String> said = ok.headers().first(SESSION_EXPIRES);
    return said.flatMap(SessionExpiry::interval)
        .map(interval ->
            new SessionInterval(longest(interval, least), !refresher(said.get(), "uas")));
  }

  /// The interval to try instead, after a 422 to one that was too brief (RFC 4028 §7.3).
  static Optional<Duration> longer(SipResponse refused, Duration than) {
    OptionalInt wanted = ChatHeaders.seconds(refused.headers(), MIN_SE);
    return refused.status() == 422 && wanted.isPresent()
        ? Optional.of(Duration.ofSeconds(wanted.getAsInt()))
            .filter(longer -> longer.compareTo(than) > 0)
        : Optional.empty();
  }

  private static boolean supported(SipRequest request) {
    return request.headers().elements("Supported").stream().anyMatch(TAG::equalsIgnoreCase)
        || request.headers().elements("Require").stream().anyMatch(TAG::equalsIgnoreCase);
  }

  private static boolean refresher(String value, String who) {
    return Arrays.stream(value.split(";"))
        .skip(1)
        .anyMatch(part -> part.replaceAll("\\s", "").equalsIgnoreCase("refresher=" + who));
  }

  private static Optional<Duration> interval(String value) {
    String seconds = value.split(";", 2)[0].strip();
    return seconds.matches("\\d{1,9}") && Integer.parseInt(seconds) > 0
        ? Optional.of(Duration.ofSeconds(Integer.parseInt(seconds)))
        : Optional.empty();
  }

  private static String seconds(Duration duration) {
    return Long.toString(duration.toSeconds());
  }
}
