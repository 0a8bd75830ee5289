package io.continuo.msrp.iscomposing;

/// The bytes are not an is-composing document (RFC 3994 §6).
public final class MalformedIsComposingException extends Exception {
  /// @param message what is wrong; may quote the document
  public MalformedIsComposingException(String message) {
    super(message);
  }

  /// @param message what is wrong; may quote the document
  /// @param cause what the XML reader said
  public MalformedIsComposingException(String message, Throwable cause) {
    super(message, cause);
  }
}
