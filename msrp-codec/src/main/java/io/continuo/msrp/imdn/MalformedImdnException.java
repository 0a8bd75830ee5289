package io.continuo.msrp.imdn;

/// The bytes are not an IMDN document (RFC 5438 §11.1).
public final class MalformedImdnException extends Exception {
  public MalformedImdnException(String message) {
    super(message);
  }

  public MalformedImdnException(String message, Throwable cause) {
    super(message, cause);
  }
}
