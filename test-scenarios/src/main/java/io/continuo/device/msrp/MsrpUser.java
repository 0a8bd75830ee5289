package io.continuo.device.msrp;

/// What an MSRP session tells its device. Called on the connection's reader thread, in order,
/// before the frame is answered: returns at once.
public interface MsrpUser {
  /// A whole message.
  void received(MsrpSession session, String messageId, String contentType, byte[] body);

  /// A REPORT (RFC 4975 §7.1.2).
  ///
  /// @param status the number in its Status header, 200 for success
  void reported(MsrpSession session, String messageId, int status);

  /// The session has a connection that may be used.
  void bound(MsrpSession session);

  /// The connection is gone.
  void unbound(MsrpSession session);
}
