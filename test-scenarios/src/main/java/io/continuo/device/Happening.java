package io.continuo.device;

/// Something that the device was told and that its user should notice.
public sealed interface Happening {
  /// An INVITE.
  ///
  /// @param accepted whether the device has accepted it by itself
  record Invited(Chat chat, boolean accepted) implements Happening {}

  /// A CANCEL for an INVITE that was not answered yet; `reason` is its Reason header.
  record Cancelled(Chat chat, String reason) implements Happening {}

  /// An INVITE of ours was refused.
  record Refused(Chat chat, int status) implements Happening {}

  /// A BYE; `reason` is its Reason header or empty.
  record Ended(Chat chat, String reason) implements Happening {}

  /// A message from somebody else.
  record Received(ChatMessage message) implements Happening {}

  /// A message that the own subscriber sent on another device.
  record OwnCopy(ChatMessage message) implements Happening {}

  /// A message or receipt that the device already had: nothing new was filed.
  record Repeated(String messageId, String what) implements Happening {}

  /// A disposition notification.
  ///
  /// @param about the `imdn.Message-ID` of the message
  /// @param from the reporter's address
  record Receipt(String about, String disposition, String from) implements Happening {}

  /// Somebody types, or has stopped.
  record Types(String from, boolean active) implements Happening {}

  /// An MSRP REPORT on a message of ours.
  record Reported(String messageId, int status) implements Happening {}

  /// The MSRP connection of a chat that goes on is gone.
  record Unbound(Chat chat) implements Happening {}
}
