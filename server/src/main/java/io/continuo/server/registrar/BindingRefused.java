package io.continuo.server.registrar;

/// One of the changes cannot be stored, now or later: a value is longer than the store takes. The
/// store itself is well, so the same batch without that change can be written.
public final class BindingRefused extends Exception {
  public BindingRefused(String message) {
    super(message);
  }

  public BindingRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
