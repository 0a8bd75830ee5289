package io.continuo.msrp;

import java.util.List;

/// A request, or one chunk of it (RFC 4975 §7.1).
///
/// @param transactionId as [Ident] says, of a peer perhaps shorter or longer; the end-line repeats
///   it, so it must not stand behind seven dashes in the body
/// @param method as written, capital letters; `SEND`, `REPORT`, or one that we do not know
/// @param toPath at least one URI
/// @param fromPath at least one URI
/// @param headers everything else, in order
/// @param body of this chunk
/// @param continuation whether the message ends with this chunk
public record MsrpRequest(
    String transactionId,
    String method,
    List<MsrpUri> toPath,
    List<MsrpUri> fromPath,
    List<MsrpHeader> headers,
    MsrpBody body,
    Continuation continuation)
    implements MsrpMessage {
  /// Carries a message, or a chunk of it (RFC 4975 §7.1).
  public static final String SEND = "SEND";

  /// Tells what became of a message; never answered (RFC 4975 §7.1.2).
  public static final String REPORT = "REPORT";

  /// @throws IllegalArgumentException when the id or the method is none, or a path is empty
  public MsrpRequest {
    if (!Ident.isReadable(transactionId) || !isMethod(method)) {
      throw new IllegalArgumentException(transactionId + " " + method);
    }
    if (toPath.isEmpty() || fromPath.isEmpty()) {
      throw new IllegalArgumentException("a request has a To-Path and a From-Path");
    }
    toPath = List.copyOf(toPath);
    fromPath = List.copyOf(fromPath);
    headers = List.copyOf(headers);
  }

  private static boolean isMethod(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 'A' || text.charAt(i) > 'Z') {
        return false;
      }
    }
    return !text.isEmpty();
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
