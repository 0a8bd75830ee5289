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
  TOMBSTONE(8);

  private final int code;

  RecordKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
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
