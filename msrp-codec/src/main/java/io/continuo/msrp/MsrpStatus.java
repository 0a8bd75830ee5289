package io.continuo.msrp;

import java.util.Optional;

/// The status codes of RFC 4975 §10.
public enum MsrpStatus {
  /// §10.1
  OK(200, "OK"),
  /// §10.2: the request was not understood.
  BAD_REQUEST(400, "Bad Request"),
  /// §10.3: the action is not allowed.
  FORBIDDEN(403, "Forbidden"),
  /// §10.4: no answer came in time.
  REQUEST_TIMEOUT(408, "Request Timeout"),
  /// §10.5: the receiver does not want the rest of this message.
  STOP_SENDING(413, "Stop Sending Message"),
  /// §10.6: the media type is not among what the receiver accepts.
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
  /// §10.7: a parameter is out of bounds.
  PARAMETER_OUT_OF_BOUNDS(423, "Parameter Out Of Bounds"),
  /// §10.8: there is no such session.
  SESSION_DOES_NOT_EXIST(481, "Session Does Not Exist"),
  /// §10.9: the method is not understood.
  UNKNOWN_METHOD(501, "Unknown Method"),
  /// §10.10: the session is bound to another connection.
  BOUND_ELSEWHERE(506, "Session Already Bound");

  private final int code;
  private final String comment;

  MsrpStatus(int code, String comment) {
    this.code = code;
    this.comment = comment;
  }

  /// The three digits on the wire.
  public int code() {
    return code;
  }

  /// What we write behind the code; means nothing to the peer.
  public String comment() {
    return comment;
  }

  /// Whether this code is a success: 2xx, since a peer may use one that RFC 4975 has not.
  public static boolean isSuccess(int code) {
    return code / 100 == 2;
  }

  /// The status with this code, when RFC 4975 has one.
  public static Optional<MsrpStatus> of(int code) {
    for (MsrpStatus status : values()) {
      if (status.code == code) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
