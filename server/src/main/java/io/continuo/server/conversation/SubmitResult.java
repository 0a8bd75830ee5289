package io.continuo.server.conversation;

/// What became of something that a device handed in.
public sealed interface SubmitResult {
  /// Stored durably (or relayed, for what is never stored); 200.
  record Accepted() implements SubmitResult {}

  /// The same message was accepted before: the same answer, nothing new; 200.
  record Duplicate() implements SubmitResult {}

  /// Refused for good.
  ///
  /// @param status 400, 403, 413 or 415, with the meaning RFC 4975 §10 gives it; the same numbers
  ///   serve SIP
  /// @param reason for the log line and the comment of the status line; names nobody
  record Refused(int status, String reason) implements SubmitResult {}

  /// The store could not keep it, and the sender may try again: MSRP 408 (RFC 4975 §10.5, "retry"),
  /// SIP 503.
  record Unavailable(String reason) implements SubmitResult {}
}
