package io.continuo.msrp.cpim;

/// The bytes are not a CPIM message (RFC 3862 §2).
public final class MalformedCpimException extends Exception {
  /// @param message what is wrong; may quote the document
  public MalformedCpimException(String message) {
    super(message);
  }
}
