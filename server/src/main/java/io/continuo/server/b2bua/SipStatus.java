package io.continuo.server.b2bua;

/// The SIP status codes that decide something here (RFC 3261 §21).
public final class SipStatus {
  public static final int OK = 200;
  public static final int NOT_FOUND = 404;
  public static final int METHOD_NOT_ALLOWED = 405;
  public static final int REQUEST_TIMEOUT = 408;
  public static final int GONE = 410;
  public static final int UNSUPPORTED_MEDIA_TYPE = 415;
  public static final int TEMPORARILY_UNAVAILABLE = 480;
  public static final int REQUEST_TERMINATED = 487;
  public static final int NOT_ACCEPTABLE_HERE = 488;
  public static final int SERVER_INTERNAL_ERROR = 500;
  public static final int NOT_IMPLEMENTED = 501;
  public static final int SERVICE_UNAVAILABLE = 503;
  public static final int DECLINE = 603;

  private SipStatus() {}

  /// Whether a device that answers an INVITE so may still take a MESSAGE.
  static boolean meansNoSession(int status) {
    return switch (status) {
      case METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE_HERE, NOT_IMPLEMENTED -> true;
      default -> false;
    };
  }

  /// Whether it means that nobody was asked: the device is not there, rather than unwilling.
  static boolean meansUnreachable(int status) {
    return switch (status) {
      case NOT_FOUND,
          REQUEST_TIMEOUT,
          GONE,
          TEMPORARILY_UNAVAILABLE,
          REQUEST_TERMINATED,
          SERVER_INTERNAL_ERROR,
          SERVICE_UNAVAILABLE ->
          true;
      default -> false;
    };
  }
}
