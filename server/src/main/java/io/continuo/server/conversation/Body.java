package io.continuo.server.conversation;

import java.util.Arrays;

/// What a message says: bytes, or bytes at the beginning and the rest in a file of the store. So
/// whoever reads or changes the beginning (CPIM headers) does the same for both, and a message of
/// any size costs no more memory than its head.
public sealed interface Body {
  /// A body of up to this many bytes is held in memory; a larger one that comes in pieces goes to a
  /// file of the store while it comes.
  int MAX_IN_MEMORY = 64 << 10;

  /// Bytes at the beginning of a staged body that are in memory. The CPIM and MIME headers must be
  /// in it, else the message is refused as malformed.
  int HEAD = 16 << 10;

  /// The bytes that are in memory: the first ones, all of them when it is not staged. Never written
  /// to.
  byte[] head();

  /// All the bytes, of a body that is known not to be staged.
  default byte[] whole() {
    return switch (this) {
      case Inline inline -> inline.head();
      case Staged staged -> throw new IllegalStateException(staged + " is not in memory");
    };
  }

  long length();

  /// The same with another beginning, and the same bytes behind it.
  Body withHead(byte[] head);

  /// Depends on every byte, so that two bodies with the same are most likely the same.
  int hash();

  static Body of(byte[] bytes) {
    return new Inline(bytes);
  }

  /// All in memory.
  ///
  /// @param head never written to
  record Inline(byte[] head) implements Body {
    @Override
    public long length() {
      return head.length;
    }

    @Override
    public Body withHead(byte[] other) {
      return new Inline(other);
    }

    @Override
    public int hash() {
      return Arrays.hashCode(head);
    }

    /// Never prints the content.
    @Override
    public String toString() {
      return "Inline[" + head.length + "]";
    }
  }

  /// `head`, then the bytes of `file` from `from` on.
  ///
  /// @param head never written to
  record Staged(byte[] head, StagedBody file, long from) implements Body {
    public Staged {
      if (from < 0 || from > file.length()) {
        throw new IllegalArgumentException(from + " of " + file.length());
      }
    }

    @Override
    public long length() {
      return head.length + file.length() - from;
    }

    @Override
    public Body withHead(byte[] other) {
      return new Staged(other, file, from);
    }

    @Override
    public int hash() {
      return 31 * file.checksum() + Arrays.hashCode(head);
    }

    /// Never prints the content.
    @Override
    public String toString() {
      return "Staged[" + length() + "]";
    }
  }
}
