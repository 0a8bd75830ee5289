package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.Arrays;
import java.util.Optional;

/// The session timer that a device asks for in INVITE and UPDATE (RFC 4028). We take one that the
/// device itself refreshes (`refresher=uac`, or none named), and watch no expiry: whether the
/// device is there is what its MSRP connection tells. We are never the refresher, so a device that
/// wants that gets an answer without a timer, as from a server that knows none.
final class SessionExpiry {
  static final String TAG = "timer";

  /// RFC 4028 §4: less is 422.
  private static final long LEAST_SECONDS = 90;

  private SessionExpiry() {}

  /// Refuses an interval that is malformed or too brief (RFC 4028 §9).
  static void check(SipRequest request) throws RequestRefused {
    Optional<String> asked = request.headers().first("Session-Expires");
    if (asked.isEmpty()) {
      return;
    }
    String seconds = seconds(asked.get());
    if (!seconds.matches("\\d{1,9}")) {
      throw new RequestRefused(400, "no usable Session-Expires");
    }
    if (Long.parseLong(seconds) < LEAST_SECONDS) {
      throw new RequestRefused(
          422, "session interval too brief", SipHeaders.of("Min-SE", Long.toString(LEAST_SECONDS)));
    }
  }

  /// Whether `Require: timer` can be granted: not when we are to refresh.
  static boolean mayBeRequired(SipRequest request) {
    return request.headers().first("Session-Expires").filter(SessionExpiry::wantsUs).isEmpty();
  }

  private static boolean isKept(SipRequest request) {
    return supported(request)
        && request.headers().first("Session-Expires").filter(value -> !wantsUs(value)).isPresent();
  }

  /// With what the 2xx says of it.
  static SipHeaders answered(SipHeaders headers, SipRequest request) {
    return isKept(request)
        ? headers
            .with("Require", TAG)
            .with(
                "Session-Expires",
                seconds(request.headers().first("Session-Expires").orElse("")) + ";refresher=uac")
        : headers;
  }

  private static boolean supported(SipRequest request) {
    return request.headers().elements("Supported").stream().anyMatch(TAG::equalsIgnoreCase)
        || request.headers().elements("Require").stream().anyMatch(TAG::equalsIgnoreCase);
  }

  private static boolean wantsUs(String value) {
    return Arrays.stream(value.split(";"))
        .skip(1)
        .anyMatch(part -> part.replaceAll("\\s", "").equalsIgnoreCase("refresher=uas"));
  }

  private static String seconds(String value) {
    return value.split(";", 2)[0].strip();
  }
}
