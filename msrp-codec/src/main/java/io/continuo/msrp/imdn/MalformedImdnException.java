package io.continuo.msrp.imdn;

/// The bytes are not an IMDN document (RFC 5438 §11.1).
public final class MalformedImdnException extends Exception {
  /// @param message what is wrong; may quote the document
  public MalformedImdnException(String message) {
    super(message);
  }

  /// @param message what is wrong; may quote the document
  /// @param cause what the XML reader said
  public MalformedImdnException(String message, Throwable cause) {
    super(message, cause);
  }
}
