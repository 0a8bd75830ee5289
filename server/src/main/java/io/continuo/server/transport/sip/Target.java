package io.continuo.server.transport.sip;

import io.continuo.server.identity.Subscriber;

/// Whom a request addresses.
sealed interface Target {
  /// This server itself.
  record Server() implements Target {}

  /// The conference factory (RFC 4579 §5.4).
  record Factory() implements Target {}

  /// A group that exists, by the user part of its focus URI.
  record Focus(String user) implements Target {}

  /// A subscriber of ours.
  record Known(Subscriber subscriber) implements Target {}

  /// Nobody here: 404.
  record Unknown() implements Target {}
}
