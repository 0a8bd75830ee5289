package io.continuo.server.transport.msrp.relay;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// AUTH with one relay, from the first request to what it reserves (RFC 4976 §5.1): each method
/// returns what to do next. The relay's memory of us is the [DigestClient]'s, so a refresh is a new
/// login that begins with credentials.
///
/// Threading: one thread.
final class RelayLogin {
  static final String USE_PATH = "Use-Path";
  static final String EXPIRES = "Expires";

  /// Answers other than 200 that are acted on in one login; one more ends it. A relay needs one
  /// refused nonce, one challenge, one stale nonce and one other interval.
  static final int MAX_RETRIES = 4;

  // RFC 4976 §5.1; not among the codes of RFC 4975.
  private static final int UNAUTHORIZED = 401;

  private final MsrpUri relay;
  private final DigestClient digest;
  private long expires;
  private boolean proving;
  private boolean challenged;
  private int retries;

  /// What comes next.
  sealed interface Step {
    /// An AUTH request with these headers.
    record Send(List<MsrpHeader> headers) implements Step {}

    /// The relay lets us in.
    ///
    /// @param usePath what it wrote, in its order
    record Reserved(List<MsrpUri> usePath, Duration expires) implements Step {}

    record Failed(String reason) implements Step {}
  }

  /// @param wanted how long the reservation should last
  RelayLogin(MsrpUri relay, DigestClient digest, Duration wanted) {
    this.relay = relay;
    this.digest = digest;
    this.expires = wanted.toSeconds();
  }

  Step.Send begin() {
    List<MsrpHeader> headers = new ArrayList<>();
    headers.add(new MsrpHeader(EXPIRES, Long.toString(expires)));
    Optional<String> authorization = digest.authorization(relay.toString());
    proving = authorization.isPresent();
    authorization.ifPresent(value -> headers.add(new MsrpHeader("Authorization", value)));
    return new Step.Send(headers);
  }

  Step answered(int status, List<MsrpHeader> headers) {
    if (status == MsrpStatus.OK.code()) {
      return whenLetIn(headers);
    }
    if (++retries > MAX_RETRIES) {
      return new Step.Failed("answered " + status + " again and again");
    }
    if (status == UNAUTHORIZED) {
      return whenChallenged(headers);
    }
    if (status == MsrpStatus.PARAMETER_OUT_OF_BOUNDS.code()) {
      return whenIntervalIsRefused(headers);
    }
    boolean refused =
        status == MsrpStatus.BAD_REQUEST.code() || status == MsrpStatus.FORBIDDEN.code();
    return refused && proving && !challenged
        ? whenOldNonceIsRefused()
        : new Step.Failed("answered " + status);
  }

  /// A relay that was restarted knows no nonce of an earlier login, and not every one says so by a
  /// challenge: OpenSIPS answers 400, that of AG Projects 403.
  private Step whenOldNonceIsRefused() {
    digest.forget();
    return begin();
  }

  private Step whenChallenged(List<MsrpHeader> headers) {
    if (!digest.take(all("WWW-Authenticate", headers))) {
      return new Step.Failed("challenge that we do not answer: no qop=auth with MD5 or SHA-256");
    }
    // With a nonce of an earlier login it says nothing about the password: not every relay writes
    // `stale`.
    boolean refused = challenged && proving && !digest.isStale();
    challenged = true;
    return refused ? new Step.Failed("user or password refused") : begin();
  }

  /// 423 Interval Out-of-Bounds: the relay says the bound.
  private Step whenIntervalIsRefused(List<MsrpHeader> headers) {
    long least = seconds("Min-Expires", headers).orElse(0L);
    long most = seconds("Max-Expires", headers).orElse(Long.MAX_VALUE);
    long within = Math.min(most, Math.max(least, expires));
    if (within == expires || within < 1) {
      return new Step.Failed("interval refused without a bound");
    }
    expires = within;
    return begin();
  }

  private Step whenLetIn(List<MsrpHeader> headers) {
    List<String> info = all("Authentication-Info", headers);
    // Relays without this header are in the field; one that writes it wrongly is not ours.
    if (proving && !info.isEmpty() && !digest.isProven(info.getFirst())) {
      return new Step.Failed("Authentication-Info does not prove that the relay knows us");
    }
    List<MsrpUri> path = new ArrayList<>();
    boolean readable = true;
    for (String uri : String.join(" ", all(USE_PATH, headers)).strip().split("\\s+")) {
      Optional<MsrpUri> parsed = MsrpUri.parse(uri);
      parsed.ifPresent(path::add);
      readable &= parsed.isPresent();
    }
    return readable
        ? new Step.Reserved(path, Duration.ofSeconds(seconds(EXPIRES, headers).orElse(expires)))
        : new Step.Failed("no Use-Path in the answer");
  }

  private static List<String> all(String name, List<MsrpHeader> headers) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(MsrpHeader::value)
        .toList();
  }

  private static Optional<Long> seconds(String name, List<MsrpHeader> headers) {
    return all(name, headers).stream()
        .filter(value -> value.matches("[1-9]\\d{0,9}"))
        .map(Long::valueOf)
        .findFirst();
  }
}
