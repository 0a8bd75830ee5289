package io.continuo.sip;

/// A request that waits for its answer. Any thread may answer, once; a second answer is ignored and
/// logged.
public interface InboundRequest {
  SipRequest request();

  Flow flow();

  /// Sends the final response (a To-tag is added).
  void respond(SipResponse response);
}
