package io.continuo.sip;

/// Told once how a request ended.
@FunctionalInterface
public interface ResponseListener {
  /// The final response; 408 when none came (Timer B/F) and 503 when the request could not be sent,
  /// both made here.
  void completed(SipResponse response);
}
