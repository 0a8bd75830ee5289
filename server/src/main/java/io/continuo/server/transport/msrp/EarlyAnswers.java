package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpRequest;
import java.util.HashSet;
import java.util.Set;

/// A chunk that comes in pieces has one answer (RFC 4975 §7.2). One that is refused before its last
/// piece is answered then, and what follows of it is passed over.
///
/// Limits: one chunk at a time comes on a connection, and [RequestRouter#MAX_PARKED] wait.
///
/// Threading: the connection's event loop.
final class EarlyAnswers {
  private final Set<String> answered = new HashSet<>();

  /// Whether this belongs to a chunk that was answered.
  boolean passesOver(MsrpRequest request) {
    return !answered.isEmpty() && isAnswered(request);
  }

  /// Whether an answer to this is the first one to its chunk. The next one will not be.
  boolean mayAnswer(MsrpRequest request) {
    if (isAnswered(request)) {
      return false;
    }
    if (request.body() instanceof MsrpBody.Piece piece && !piece.last()) {
      answered.add(request.transactionId());
    }
    return true;
  }

  private boolean isAnswered(MsrpRequest request) {
    return switch (request.body()) {
      case MsrpBody.Piece piece when piece.offset() == 0 -> false;
      case MsrpBody.Piece piece when !piece.last() -> answered.contains(request.transactionId());
      case MsrpBody.Piece last -> answered.remove(request.transactionId());
      case MsrpBody.TooLarge end -> answered.remove(request.transactionId());
      case MsrpBody.None none -> false;
      case MsrpBody.Bytes whole -> false;
    };
  }
}
