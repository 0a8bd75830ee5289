package io.continuo.server.b2bua;

/// What a BYE says of itself in its Reason header (RFC 3326 §2), by our wire profile.
public enum ByeReason {
  /// No Reason header: the configured policy decides.
  NONE,
  /// `SIP;cause=200`: the user leaves the chat.
  USER_LEAVES,
  /// `SIP;cause=480` or `503`: this device dropped.
  DEVICE_DROPPED,
  /// `SIP;cause=410`: the group is closed. Only sent by us.
  GROUP_CLOSED
}
