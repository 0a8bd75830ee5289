package io.continuo.msrp;

import java.util.Optional;

/// The flag at the end of an end-line (RFC 4975 §7.1).
public enum Continuation {
  /// `$`: the message's last byte is in this chunk.
  COMPLETE('$'),
  /// `+`: more chunks come.
  MORE('+'),
  /// `#`: the sender gives the message up.
  ABORTED('#');

  private final char flag;

  Continuation(char flag) {
    this.flag = flag;
  }

  /// As the end-line writes it.
  public char flag() {
    return flag;
  }

  /// The one with this character; empty when there is none.
  public static Optional<Continuation> of(int flag) {
    return switch (flag) {
      case '$' -> Optional.of(COMPLETE);
      case '+' -> Optional.of(MORE);
      case '#' -> Optional.of(ABORTED);
      default -> Optional.empty();
    };
  }
}
