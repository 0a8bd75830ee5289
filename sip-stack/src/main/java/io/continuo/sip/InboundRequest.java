package io.continuo.sip;

/// A request that waits for its answer. Any thread may answer, once; a second answer is ignored and
/// logged. One that is not answered in 32 s is answered 500: who sent it has given up (RFC 3261
/// §17.1.2.2).
public interface InboundRequest {
  SipRequest request();

  Flow flow();

  /// Sends the final response (a To-tag is added).
  void respond(SipResponse response);
}
