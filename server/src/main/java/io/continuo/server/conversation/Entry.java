package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;

/// One thing that happened in a conversation. Entries of a conversation carry the sequence numbers
/// 1, 2, 3 … in log order; what a device receives is a subsequence of that order.
public sealed interface Entry extends LogRecord {
  long sequence();

  /// When the server took it, by the server's clock.
  Instant at();

  /// Whom it lets into the conversation.
  default List<AddressOfRecord> admitted() {
    return switch (this) {
      case Opened opened -> opened.participants();
      case Joined joined -> List.of(joined.subscriber());
      case Message _, Disposition _, Left _, SessionEnded _ -> List.of();
    };
  }

  /// The conversation begins, with these participants.
  ///
  /// @param group whether it has a focus (RFC 4579); a one-to-one conversation has exactly two
  ///   participants
  record Opened(long sequence, Instant at, boolean group, List<AddressOfRecord> participants)
      implements Entry {
    public Opened {
      participants = List.copyOf(participants);
    }
  }

  /// What a user wrote.
  ///
  /// @param messageId `imdn.Message-ID` (RFC 5438 §6.3), or the id the server gave when there was
  ///   none
  /// @param contentType of `body`, as received: `message/cpim`, or `text/plain` from a device that
  ///   does not wrap
  /// @param body as received
  /// @param anonymous whether its author asked that others are not told who it is (RFC 3323 §4.2)
  /// @param forOthersOnly whether its sender's other devices get no copy
  record Message(
      long sequence,
      Instant at,
      AddressOfRecord sender,
      DeviceId senderDevice,
      String messageId,
      String contentType,
      Body body,
      boolean anonymous,
      boolean forOthersOnly)
      implements Entry {

    /// One for everybody.
    public Message(
        long sequence,
        Instant at,
        AddressOfRecord sender,
        DeviceId senderDevice,
        String messageId,
        String contentType,
        Body body,
        boolean anonymous) {
      this(sequence, at, sender, senderDevice, messageId, contentType, body, anonymous, false);
    }

    /// One that says whose it is.
    public Message(
        long sequence,
        Instant at,
        AddressOfRecord sender,
        DeviceId senderDevice,
        String messageId,
        String contentType,
        byte[] body) {
      this(sequence, at, sender, senderDevice, messageId, contentType, Body.of(body), false);
    }
  }

  /// A disposition notification (RFC 5438 §7), as it travels.
  ///
  /// @param messageId the notification's own id
  /// @param reported the Message-ID that it speaks of
  /// @param disposition `delivered`, `displayed`, `processed`, `failed`, `forbidden`, `error`, or
  ///   what the peer wrote
  /// @param toSubscriber who wrote the message that it speaks of
  /// @param forwarded whether the original sender's devices get it (false: recorded only, or for
  ///   the reporter's siblings)
  /// @param contentType of `body`, always `message/cpim`
  /// @param anonymous whether its reporter asked that others are not told who it is
  record Disposition(
      long sequence,
      Instant at,
      AddressOfRecord reporter,
      DeviceId reporterDevice,
      String messageId,
      String reported,
      String disposition,
      AddressOfRecord toSubscriber,
      boolean forwarded,
      String contentType,
      Body body,
      boolean anonymous)
      implements Entry {

    /// One that says whose it is.
    public Disposition(
        long sequence,
        Instant at,
        AddressOfRecord reporter,
        DeviceId reporterDevice,
        String messageId,
        String reported,
        String disposition,
        AddressOfRecord toSubscriber,
        boolean forwarded,
        String contentType,
        byte[] body) {
      this(
          sequence,
          at,
          reporter,
          reporterDevice,
          messageId,
          reported,
          disposition,
          toSubscriber,
          forwarded,
          contentType,
          Body.of(body),
          false);
    }
  }

  /// A subscriber takes part from here on.
  record Joined(long sequence, Instant at, AddressOfRecord subscriber) implements Entry {}

  /// A subscriber left, and sees nothing after this.
  record Left(long sequence, Instant at, AddressOfRecord subscriber) implements Entry {}

  /// The chat session ended for everybody; the conversation may be opened again.
  record SessionEnded(long sequence, Instant at) implements Entry {}
}
