package io.continuo.msrp.cpim;

/// The bytes are not a CPIM message (RFC 3862 §2).
public final class MalformedCpimException extends Exception {
  public MalformedCpimException(String message) {
    super(message);
  }
}
