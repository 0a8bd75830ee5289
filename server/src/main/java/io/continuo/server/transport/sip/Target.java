package io.continuo.server.transport.sip;

import io.continuo.server.identity.DeviceId;
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

  /// One device of a subscriber of ours, by its GRUU (RFC 5627): it is there.
  record OneDevice(Subscriber subscriber, DeviceId device) implements Target {}

  /// A device of a subscriber of ours that is not there now: 480 (RFC 5627 §6.1).
  record Absent() implements Target {}

  /// Nobody here: 404.
  record Unknown() implements Target {}
}
