package io.continuo.msrp;

import java.util.List;
import java.util.Optional;

/// A message with a head that cannot be understood. Its start line named a transaction and its
/// end-line framed it, so what comes behind it is read as if it had not been there; its body was
/// passed over (RFC 4975 §7.1, §10.2).
///
/// @param toPath the first that could be read; possibly empty
/// @param fromPath the same; empty when nobody can be answered
/// @param headers those that could be read, in order
/// @param status what to answer: [MsrpStatus#BAD_REQUEST], or [MsrpStatus#UNKNOWN_METHOD] when the
///   method is none of RFC 4975 §9; empty for what is never answered, a REPORT or a response
/// @param offset where the first fault is, in bytes from the beginning of the connection
/// @param expected what should have stood there; never bytes of the peer
public record MalformedMessage(
    String transactionId,
    List<MsrpUri> toPath,
    List<MsrpUri> fromPath,
    List<MsrpHeader> headers,
    Optional<MsrpStatus> status,
    long offset,
    String expected)
    implements MsrpInbound {
  /// Copies the lists.
  public MalformedMessage {
    toPath = List.copyOf(toPath);
    fromPath = List.copyOf(fromPath);
    headers = List.copyOf(headers);
  }

  /// The answer, which goes one hop back (RFC 4975 §7.2); empty when there is none to give or
  /// nobody to give it to. Whether its sender wants it is said by Failure-Report.
  ///
  /// @param own who answers when To-Path could not be read
  public Optional<MsrpResponse> answer(MsrpUri own) {
    return fromPath.isEmpty() ? Optional.empty() : status.map(said -> answer(said, own));
  }

  private MsrpResponse answer(MsrpStatus said, MsrpUri own) {
    return new MsrpResponse(
        transactionId,
        said.code(),
        said.comment(),
        List.of(fromPath.getFirst()),
        List.of(toPath.isEmpty() ? own : toPath.getFirst()),
        List.of());
  }
}
