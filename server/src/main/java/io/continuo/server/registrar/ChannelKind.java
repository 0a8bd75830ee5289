package io.continuo.server.registrar;

/// How a device takes part in a chat.
public enum ChannelKind {
  /// INVITE and MSRP (RFC 4975).
  SESSION,
  /// Pager-mode MESSAGE with message/cpim (RFC 3428).
  PAGER
}
