package io.continuo.msrp;

/// The bytes are not MSRP (RFC 4975 §9), or a head or an unwanted body has no end within its
/// limits. Where the next message begins is unknown from here on, so the connection has to be
/// closed. A message that is framed but not understood is a [MalformedMessage].
public final class MalformedMsrpException extends Exception {
  private final long offset;
  private final String expected;

  /// Made by the decoder.
  ///
  /// @param offset bytes from the beginning of the connection
  /// @param expected what should have stood there
  public MalformedMsrpException(long offset, String expected) {
    super("offset " + offset + ": expected " + expected);
    this.offset = offset;
    this.expected = expected;
  }

  /// Bytes from the beginning of the connection.
  public long offset() {
    return offset;
  }

  /// What should have stood there; never bytes of the peer.
  public String expected() {
    return expected;
  }
}
