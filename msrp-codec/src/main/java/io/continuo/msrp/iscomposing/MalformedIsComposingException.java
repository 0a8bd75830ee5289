package io.continuo.msrp.iscomposing;

/// The bytes are not an is-composing document (RFC 3994 §6).
public final class MalformedIsComposingException extends Exception {
  public MalformedIsComposingException(String message) {
    super(message);
  }

  public MalformedIsComposingException(String message, Throwable cause) {
    super(message, cause);
  }
}
