package io.continuo.sip.transport;

import io.continuo.sip.Flow;

/// What the transports hand up. Called on their event loops, in order for one flow; must not block.
public interface TransportEvents {
  /// One framed message.
  ///
  /// @param done to be run once when the message has been dealt with; a connection with
  ///   [TcpConnection#MAX_OPEN_MESSAGES] open ones is not read
  void message(Flow flow, byte[] message, Runnable done);

  /// A message that is larger than allowed; its body was not read.
  ///
  /// @param head its start line and headers, as far as they were taken
  /// @param close whether the connection must be closed after the answer, since it cannot be
  ///   skipped
  void oversize(Flow flow, byte[] head, boolean close);

  /// A message whose end cannot be known; the connection closes after the answer.
  ///
  /// @param reason a short fixed phrase
  void unframed(Flow flow, byte[] head, String reason);

  /// We close a connection without an answer.
  ///
  /// @param reason a short fixed phrase
  void hungUp(Flow flow, String reason);

  /// A connection is gone.
  void closed(Flow flow);
}
