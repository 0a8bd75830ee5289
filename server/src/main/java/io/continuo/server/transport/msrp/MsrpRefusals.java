package io.continuo.server.transport.msrp;

/// Port: who counts what was refused over MSRP, once each. Called on event loops; returns at once.
@FunctionalInterface
public interface MsrpRefusals {
  /// @param reason one of a small set of fixed phrases
  /// @param status the MSRP status that was answered, or would have been when the peer wanted none
  void refused(String reason, int status);
}
