package io.continuo.server.transport.sip;

/// Port: who counts what was refused over SIP. Any thread; returns at once.
@FunctionalInterface
public interface SipRefusals {
  /// @param reason one of a small set of fixed phrases
  /// @param status what was answered; 0 when nothing could be
  void refused(String reason, int status);
}
