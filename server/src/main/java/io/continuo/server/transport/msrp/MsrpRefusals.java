package io.continuo.server.transport.msrp;

/// Port: told of everything that is refused over MSRP, once each, so that it becomes one log line
/// and one count. Called on event loops; returns at once.
@FunctionalInterface
public interface MsrpRefusals {
  /// @param reason for operators; names neither bodies nor secrets
  /// @param status the MSRP status that was answered, or would have been when the peer wanted none
  void refused(String reason, int status);
}
