package io.continuo.msrp;

import java.util.List;

/// The answer to one request (RFC 4975 §7.2).
///
/// @param transactionId that of the request
/// @param status three digits, 0 to 999; a peer may use codes that RFC 4975 has not
/// @param comment the rest of the line, possibly empty; no control character but the tab
/// @param toPath at least one URI
/// @param fromPath at least one URI
/// @param headers everything else, in order
public record MsrpResponse(
    String transactionId,
    int status,
    String comment,
    List<MsrpUri> toPath,
    List<MsrpUri> fromPath,
    List<MsrpHeader> headers)
    implements MsrpMessage {
  private static final int MAX_STATUS = 999;

  /// @throws IllegalArgumentException when a part is not as said above: it could not be written
  public MsrpResponse {
    if (!Ident.isReadable(transactionId) || status < 0 || status > MAX_STATUS) {
      throw new IllegalArgumentException(transactionId + " " + status);
    }
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      throw new IllegalArgumentException("a response has a To-Path and a From-Path");
    }
    if (!MsrpHeader.isValue(comment)) {
      throw new IllegalArgumentException("a control character in the comment");
    }
    toPath = List.copyOf(toPath);
    fromPath = List.copyOf(fromPath);
    headers = List.copyOf(headers);
  }
}
