package io.continuo.server.storage.segments;

import java.io.IOException;

/// Bytes of a record that this release cannot read, though their checksum may be right. Whoever
/// knows the file and offset puts them in front.
final class MalformedRecord extends IOException {
  private static final long serialVersionUID = 1;

  MalformedRecord(String message) {
    super(message);
  }

  MalformedRecord(String message, Throwable cause) {
    super(message, cause);
  }
}
