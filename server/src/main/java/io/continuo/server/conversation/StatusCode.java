package io.continuo.server.conversation;

/// The final answers of RFC 4975 §10 that this package gives; the same numbers serve SIP.
final class StatusCode {
  static final int BAD_REQUEST = 400;
  static final int FORBIDDEN = 403;
  static final int STOP_SENDING = 413;
  static final int UNSUPPORTED_MEDIA_TYPE = 415;

  private StatusCode() {}
}
