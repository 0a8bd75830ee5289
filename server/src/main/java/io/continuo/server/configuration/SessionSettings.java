package io.continuo.server.configuration;

import java.time.Duration;

/// The life of a chat session (`session.*`, `invite.*` and the policies of the wire profile).
///
/// @param answerAfter how long the inviter waits for the other side before we answer for it
///   (`invite.answer-after`, 2 s)
/// @param ringFor how long an invited device may ring (`invite.ring-for`, default 3 min)
/// @param unreachable nobody of the other side can be reached: `keep` the message and accept, or
///   answer 480 (`invite.unreachable`, default keep)
/// @param linger how long a session without any leg waits for somebody to come back
///   (`session.linger`, default 30 s)
/// @param retention what becomes of the log when the session has ended (`session.retention`,
///   default keep)
/// @param bye what a BYE without Reason means (`session.bye`, default device-leaves)
/// @param groupBye the same in a group (`session.group-bye`, default device-leaves)
/// @param legacyDevices whether devices without the multi-client mark stay when a sibling has
///   answered (`session.legacy-devices`, default keep)
/// @param siblingInvite which of the inviter own other devices are invited
///   (`session.sibling-invite`, default all)
/// @param deliveryWindow unanswered deliveries on one leg (`session.delivery-window`, default 32)
/// @param dedupWindow how long a message id is remembered against duplicates
///   (`session.dedup-window`, default 30 d)
/// @param deviceForgetAfter how long after its last binding the place of a device is kept
///   (`session.device-forget-after`, default 30 d)
/// @param maxParticipants of a group (`session.max-participants`, default 100)
/// @param expires how long a session is good without a refresh (Session-Expires, RFC 4028;
///   `session.expires`, default 30 min)
/// @param minExpires less is answered 422 (Min-SE; `session.min-expires`, default 90 s, and RFC
///   4028 §4 allows no less: tests do)
public record SessionSettings(
    @Key("invite.answer-after") Duration answerAfter,
    @Key("invite.ring-for") Duration ringFor,
    @Key("invite.unreachable") Unreachable unreachable,
    Duration linger,
    Retention retention,
    ByePolicy bye,
    ByePolicy groupBye,
    LegacyDevices legacyDevices,
    SiblingInvite siblingInvite,
    int deliveryWindow,
    Duration dedupWindow,
    Duration deviceForgetAfter,
    int maxParticipants,
    Duration expires,
    Duration minExpires) {
  public SessionSettings {
    Duration second = Duration.ofSeconds(1);
    Duration year = Duration.ofDays(366);
    new Check()
        .between("invite.answer-after", answerAfter, Duration.ZERO, Duration.ofMinutes(3))
        .between("invite.ring-for", ringFor, second, Duration.ofHours(1))
        .between("session.linger", linger, Duration.ZERO, Duration.ofDays(30))
        .between("session.delivery-window", deliveryWindow, 1, 10_000)
        .between("session.dedup-window", dedupWindow, second, year)
        .between("session.device-forget-after", deviceForgetAfter, second, year)
        .between("session.max-participants", maxParticipants, 2, 10_000)
        .between("session.expires", expires, second, Duration.ofDays(1))
        .between("session.min-expires", minExpires, second, Duration.ofDays(1))
        .that(
            "session.min-expires",
            minExpires.compareTo(expires) <= 0,
            "is more than session.expires")
        .done();
  }

  /// See [SessionSettings#unreachable].
  public enum Unreachable {
    KEEP,
    REFUSE
  }

  /// See [SessionSettings#retention].
  public enum Retention {
    DISCARD,
    KEEP
  }

  /// See [SessionSettings#bye].
  public enum ByePolicy {
    DEVICE_LEAVES,
    USER_LEAVES,
    ENDS_SESSION
  }

  /// See [SessionSettings#legacyDevices].
  public enum LegacyDevices {
    KEEP,
    FIRST_ANSWER_WINS
  }

  /// See [SessionSettings#siblingInvite].
  public enum SiblingInvite {
    ALL,
    KNOWN_MULTI_CLIENT
  }

  public static final SessionSettings DEFAULT =
      new SessionSettings(
          Duration.ofSeconds(2),
          Duration.ofMinutes(3),
          Unreachable.KEEP,
          Duration.ofSeconds(30),
          Retention.KEEP,
          ByePolicy.DEVICE_LEAVES,
          ByePolicy.DEVICE_LEAVES,
          LegacyDevices.KEEP,
          SiblingInvite.ALL,
          32,
          Duration.ofDays(30),
          Duration.ofDays(30),
          100,
          Duration.ofMinutes(30),
          Duration.ofSeconds(90));
}
