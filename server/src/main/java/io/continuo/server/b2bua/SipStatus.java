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
  public static final int BUSY_HERE = 486;
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

  /// Whether a refusal is the word of the device or its user. All others speak of the INVITE that
  /// we sent (a challenge, an extension, a redirection), which is not the inviter's: 401 without a
  /// challenge or 302 without a Contact would only mislead it (RFC 3261 §16.7).
  static boolean isWordOfThePeer(int status) {
    return switch (status) {
      case 403, 433, BUSY_HERE, 580, 600, DECLINE, 604, 606, 607, 608 -> true;
      default -> false;
    };
  }
}
