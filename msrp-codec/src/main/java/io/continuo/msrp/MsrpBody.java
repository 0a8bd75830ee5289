package io.continuo.msrp;

/// What stands between the headers and the end-line of a request.
public sealed interface MsrpBody {
  /// There is no blank line: a request without body (RFC 4975 §7.1).
  None NONE = new None();

  /// More than is taken; whoever reads the request gets it as soon as that is known, and the bytes
  /// are passed over.
  TooLarge TOO_LARGE = new TooLarge();

  /// No body.
  record None() implements MsrpBody {}

  /// The bytes of this chunk, possibly none. Never written to once they are here.
  record Bytes(byte[] bytes) implements MsrpBody {
    /// Never prints the content.
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /// Bytes over a limit of [MsrpLimits], not kept.
  record TooLarge() implements MsrpBody {}
}
