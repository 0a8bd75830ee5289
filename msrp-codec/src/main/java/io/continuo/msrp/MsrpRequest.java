package io.continuo.msrp;

import java.util.List;

/// A request, or one chunk of it (RFC 4975 §7.1).
///
/// @param method as written; `SEND`, `REPORT`, or one that we do not know
public record MsrpRequest(
    String transactionId,
    String method,
    List<MsrpUri> toPath,
    List<MsrpUri> fromPath,
    List<MsrpHeader> headers,
    MsrpBody body,
    Continuation continuation)
    implements MsrpMessage {
  public static final String SEND = "SEND";
  public static final String REPORT = "REPORT";

  public MsrpRequest {
    toPath = List.copyOf(toPath);
    fromPath = List.copyOf(fromPath);
    headers = List.copyOf(headers);
  }

  /// The answer to this request. It goes one hop back (RFC 4975 §7.2).
  public MsrpResponse answer(MsrpStatus status) {
    return new MsrpResponse(
        transactionId,
        status.code(),
        status.comment(),
        List.of(fromPath.getFirst()),
        List.of(toPath.getFirst()),
        List.of());
  }
}
