package io.continuo.server.configuration;

import java.time.Duration;

/// Disposition notifications (`imdn.*`; RFC 5438).
///
/// @param policy whether the sender of a message is told of a disposition by the first device of a
///   subscriber only, or by each (`imdn.policy`: `first-per-subscriber` (default) or
///   `every-device`)
/// @param ownCopies `name-sender` (default): an anonymous CPIM From/To is replaced by the asserted
///   addresses in copies for the sender's own devices; `exact`: those carry what was received
/// @param noForkCopies whether the sender's own devices get a copy of a pager MESSAGE that says
///   `Request-Disposition: no-fork` (RFC 3841 §9.1), as Samsung's clients write on every one:
///   `send` (default) or `withhold`
/// @param memory how long it is known who sent a message, for receipts that come late (default 30
///   d)
public record ImdnSettings(
    Policy policy, OwnCopies ownCopies, NoForkCopies noForkCopies, Duration memory) {
  public ImdnSettings {
    new Check().between("imdn.memory", memory, Duration.ofSeconds(1), Duration.ofDays(366)).done();
  }

  /// With every copy.
  public ImdnSettings(Policy policy, OwnCopies ownCopies, Duration memory) {
    this(policy, ownCopies, NoForkCopies.SEND, memory);
  }

  /// See [ImdnSettings#noForkCopies].
  public enum NoForkCopies {
    SEND,
    WITHHOLD
  }

  /// See [ImdnSettings#policy].
  public enum Policy {
    FIRST_PER_SUBSCRIBER,
    EVERY_DEVICE
  }

  /// See [ImdnSettings#ownCopies].
  public enum OwnCopies {
    NAME_SENDER,
    EXACT
  }

  public static final ImdnSettings DEFAULT =
      new ImdnSettings(Policy.FIRST_PER_SUBSCRIBER, OwnCopies.NAME_SENDER, Duration.ofDays(30));
}
