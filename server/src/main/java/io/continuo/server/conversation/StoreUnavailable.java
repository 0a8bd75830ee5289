package io.continuo.server.conversation;

/// The store cannot do what was asked: disk full, closed, or over its limit. What was acknowledged
/// before is kept.
public final class StoreUnavailable extends Exception {
  public StoreUnavailable(String message) {
    super(message);
  }

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
