package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import java.util.Set;

/// What a conversation wants done, in this order, by whoever runs it.
public sealed interface ConversationEffect {

  /// Make this entry durable, then come back with [ConversationEvent.Committed] or
  /// [ConversationEvent.AppendFailed].
  record Append(Entry entry) implements ConversationEffect {}

  /// Write this when convenient.
  record Note(CursorRecord told) implements ConversationEffect {}

  /// Answer the sender.
  record Respond(Reply reply, SubmitResult result) implements ConversationEffect {}

  /// Deliver an entry on a leg, then come back with [ConversationEvent.Delivered]. In order for
  /// each leg.
  ///
  /// @param messageId the MSRP Message-ID to use, the same on every leg and every resend
  /// @param contentType of `body`, one that the leg accepts
  /// @param body shared by all copies
  /// @param anonymous whether this device must not be told who it is from
  record Deliver(
      LegId leg, long sequence, String messageId, String contentType, Body body, boolean anonymous)
      implements ConversationEffect {

    /// One that says who it is from.
    public Deliver(LegId leg, long sequence, String messageId, String contentType, byte[] body) {
      this(leg, sequence, messageId, contentType, Body.of(body), false);
    }
  }

  /// Send this on a leg once and forget it (is-composing).
  record Relay(LegId leg, String contentType, byte[] body) implements ConversationEffect {}

  /// Read entries from `from` on for this leg, then come back with [ConversationEvent.ReadBack].
  record Read(LegId leg, long from) implements ConversationEffect {}

  /// An entry was committed that these subscribers may see: devices of theirs that are not attached
  /// may be invited for it.
  record Appended(Entry entry, Set<AddressOfRecord> audience) implements ConversationEffect {
    public Appended {
      audience = Set.copyOf(audience);
    }
  }

  /// Something an operator counts.
  record Count(Counted what) implements ConversationEffect {}

  /// What is counted here.
  enum Counted {
    MESSAGE_ACCEPTED,
    DISPOSITION_ACCEPTED,
    DUPLICATE_SUPPRESSED,
    DISPOSITION_DROPPED_UNKNOWN_MESSAGE,
    DISPOSITION_DROPPED_NOT_IN_AUDIENCE,
    DISPOSITION_NOT_FORWARDED,
    STALE_ANSWER,
    COPY_REFUSED_BY_DEVICE,
    SUBMISSION_REFUSED,
    /// The store could not keep a submission; its sender was asked to try again.
    SUBMISSION_UNAVAILABLE,
    /// The store could not keep that somebody joined or left, or that the session ended.
    MEMBERSHIP_CHANGE_LOST
  }
}
