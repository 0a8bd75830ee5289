package io.continuo.server.registrar;

/// Who tells us of a device (seed 003; capability A1).
public enum DeviceSource {
  /// It registered here (RFC 3261 §10).
  REGISTER,
  /// The S-CSCF told us by third-party REGISTER (TS 24.229 §5.4.1.7).
  THIRD_PARTY_REGISTER,
  /// An authenticated INVITE or OPTIONS came from it.
  LEARNED,
  /// A presence document named it.
  PRESENCE,
  /// The subscriber or the operator entered it.
  PROVISIONED
}
