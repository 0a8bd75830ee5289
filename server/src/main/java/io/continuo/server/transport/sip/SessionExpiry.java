package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.SessionInterval;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// What is said of session timers (RFC 4028) in INVITE, UPDATE and their answers. A device that
/// says nothing of timers gets none from us: its MSRP connection tells whether it is there.
///
/// @param expires the interval that we ask for
/// @param least the shortest that we take (Min-SE)
record SessionExpiry(Duration expires, Duration least) {
  static final String TAG = "timer";

  private static final String SESSION_EXPIRES = "Session-Expires";
  private static final String MIN_SE = "Min-SE";

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
    return headers
        .with("Supported", TAG)
        .with(SESSION_EXPIRES, seconds(interval) + ";refresher=uac")
        .with(MIN_SE, seconds(least));
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
