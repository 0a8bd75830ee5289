package io.continuo.msrp;

import java.util.List;

/// The answer to one request (RFC 4975 §7.2).
///
/// @param status three digits; a peer may use codes that RFC 4975 has not
/// @param comment the rest of the line, possibly empty
public record MsrpResponse(
    String transactionId,
    int status,
    String comment,
    List<MsrpUri> toPath,
    List<MsrpUri> fromPath,
    List<MsrpHeader> headers)
    implements MsrpMessage {
  public MsrpResponse {
    toPath = List.copyOf(toPath);
    fromPath = List.copyOf(fromPath);
    headers = List.copyOf(headers);
  }
}
