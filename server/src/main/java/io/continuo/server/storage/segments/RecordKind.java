package io.continuo.server.storage.segments;

/// What a record is. The code is what stands in the file: never change or re-use one.
enum RecordKind {
  OPENED(1),
  MESSAGE(2),
  DISPOSITION(3),
  JOINED(4),
  LEFT(5),
  SESSION_ENDED(6),
  ANSWER(7),
  /// Everything of this conversation that stands before it is erased.
  TOMBSTONE(8),
  /// As [#MESSAGE], its body in a file of its own. Since format 2.
  STAGED_MESSAGE(9),
  /// As [#DISPOSITION], its body in a file of its own. Since format 2.
  STAGED_DISPOSITION(10),
  /// Since format 2.
  SETTLED(11),
  /// Since format 2.
  FORGOTTEN(12);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /// Whether the body of such a record is a [StagedBodies] file.
  boolean isStaged() {
    return this == STAGED_MESSAGE || this == STAGED_DISPOSITION;
  }

  /// Whether it goes to devices.
  boolean isDelivered() {
    return isMessage() || this == DISPOSITION || this == STAGED_DISPOSITION;
  }

  /// Whether it lets somebody into the conversation.
  boolean admits() {
    return this == OPENED || this == JOINED;
  }

  boolean isMessage() {
    return this == MESSAGE || this == STAGED_MESSAGE;
  }

  static RecordKind of(int code) throws MalformedRecord {
    for (RecordKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new MalformedRecord("unknown record kind " + code);
  }
}
