package io.continuo.server.conversation;

/// What became of one delivery to one device.
public sealed interface DeliveryOutcome {
  /// The device has it (MSRP 200, SIP 2xx).
  record Delivered() implements DeliveryOutcome {}

  /// The device will never take it (400, 403, 413, 415, 423 of RFC 4975 §10; final SIP answers):
  /// the cursor moves on.
  ///
  /// @param status the device's status code
  record Refused(int status) implements DeliveryOutcome {}

  /// The device is not there (408, 481, 506, connection closed): the cursor stays, the leg is
  /// detached.
  ///
  /// @param status the status code, 0 when the connection was closed without one
  record Unreachable(int status) implements DeliveryOutcome {}
}
