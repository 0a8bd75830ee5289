package io.continuo.sip.digest;

/// What became of the credentials in a request.
public sealed interface DigestVerdict {
  /// The sender knows the password of this user.
  record Proven(String username) implements DigestVerdict {}

  /// There are none for our realm: 401.
  record Missing() implements DigestVerdict {}

  /// Right, but with a nonce whose time is over, that another process issued, or whose count was
  /// used: 401 with `stale=true`, so that the device tries again without asking its user for the
  /// password (RFC 7616 §3.3). No failed attempt.
  ///
  /// @param reason a fixed phrase for the log, never for the peer
  record Stale(String reason) implements DigestVerdict {}

  /// Wrong, or for an unknown user: 401 with a fresh challenge.
  ///
  /// @param reason a fixed phrase for the log, never for the peer
  record Wrong(String reason) implements DigestVerdict {}

  /// Too many failures from this source for this user: 403.
  record TooManyFailures() implements DigestVerdict {}
}
