package io.continuo.server.transport.msrp;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.ReportStatus;
import io.continuo.server.transport.msrp.MsrpSession.Claim;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Finds the session of each request on one connection, and binds sessions to it, whoever connected
/// (RFC 4975 §5.4, RFC 6135 §4). Requests that cannot be judged yet are parked, in order for each
/// session; their bytes count as unanswered, so whoever sends much too early is slowed.
///
/// Threading: the connection's event loop.
final class RequestRouter {
  /// Requests, of which a chunk in pieces is one, that wait until their session is agreed or its
  /// old connection has answered a probe; more are answered 408.
  static final int MAX_PARKED = 32;

  private final MsrpConnection connection;
  private final Shared shared;
  private final Map<String, ArrayDeque<MsrpRequest>> parked = new HashMap<>();
  private final Map<MsrpSession, String> binding = new HashMap<>();
  private int parkedRequests;

  RequestRouter(MsrpConnection connection, Shared shared) {
    this.connection = connection;
    this.shared = shared;
  }

  void route(MsrpRequest request) {
    if (request.method().equals(MsrpRequest.REPORT)) {
      reported(request);
      return;
    }
    if (!request.method().equals(MsrpRequest.SEND)) {
      connection.refuse(request, MsrpStatus.UNKNOWN_METHOD, "unknown method");
      return;
    }
    String id = request.toPath().getFirst().sessionId().orElse("");
    @Nullable MsrpSession session = shared.sessions().get(id);
    if (session == null || request.toPath().size() != 1) {
      connection.refuse(request, MsrpStatus.SESSION_DOES_NOT_EXIST, "unknown session");
    } else if (parked.containsKey(id)) {
      park(id, request);
    } else {
      claim(session, id, request);
    }
  }

  /// Reports are never answered (RFC 4975 §7.3.2). Only what goes through relays asks for them; one
  /// of failure comes when a relay behind the one that answered us lost the message, and is told to
  /// the operator too.
  private void reported(MsrpRequest report) {
    Optional<ReportStatus> status = report.header(MsrpHeader.STATUS).flatMap(ReportStatus::parse);
    if (status.filter(ReportStatus::isSuccess).isEmpty()) {
      int code = status.map(ReportStatus::code).orElse(MsrpStatus.BAD_REQUEST.code());
      connection.note(code, "delivery failed behind a relay");
    }
    String id = report.toPath().getFirst().sessionId().orElse("");
    Optional<BoundSession> session = connection.boundHere(id);
    if (session.isPresent() && status.isPresent() && status.get().namespace() == 0) {
      session.get().reported(report, status.get().code());
    }
  }

  private void claim(MsrpSession session, String id, MsrpRequest request) {
    switch (session.claim(connection, request.fromPath())) {
      case Claim.Here here when here.fresh() -> begin(here.bound(), request);
      case Claim.Here here -> here.bound().take(request);
      case Claim.NotStarted notStarted -> park(id, request);
      case Claim.Elsewhere elsewhere -> {
        park(id, request);
        challenge(id, elsewhere.current());
      }
      case Claim.Refused no -> connection.refuse(request, no.status(), no.reason());
    }
  }

  /// A bodiless SEND is answered before we send anything ourselves.
  private void begin(BoundSession session, MsrpRequest request) {
    boolean onlyBinds =
        request.body() instanceof MsrpBody.None && request.continuation() == Continuation.COMPLETE;
    if (onlyBinds) {
      connection.respond(request, MsrpStatus.OK);
    }
    connection.enter(session);
    if (!onlyBinds) {
      session.take(request);
    }
  }

  private void park(String id, MsrpRequest request) {
    if (parkedRequests >= MAX_PARKED && beginsChunk(request)) {
      connection.refuse(
          request, MsrpStatus.REQUEST_TIMEOUT, "too many requests before the session is agreed");
      return;
    }
    parkedRequests += beginsChunk(request) ? 1 : 0;
    connection.hold(BoundSession.bytes(request));
    parked.computeIfAbsent(id, key -> new ArrayDeque<>()).add(request);
  }

  private List<MsrpRequest> unpark(String id) {
    @Nullable ArrayDeque<MsrpRequest> requests = parked.remove(id);
    List<MsrpRequest> all = requests == null ? List.of() : new ArrayList<>(requests);
    parkedRequests -= (int) all.stream().filter(RequestRouter::beginsChunk).count();
    all.forEach(request -> connection.release(BoundSession.bytes(request)));
    return all;
  }

  private static boolean beginsChunk(MsrpRequest request) {
    return !(request.body() instanceof MsrpBody.Piece piece && piece.offset() > 0);
  }

  /// Looks again at the requests that waited for this session.
  void wake(String id) {
    unpark(id).forEach(this::route);
    connection.closeWhenUnused();
  }

  /// The session is on another connection from the same address: it stays there when that one is
  /// alive, else it comes here.
  private void challenge(String id, BoundSession current) {
    MsrpConnection old = current.connection();
    old.post(() -> old.probe(current, shared.probe(), alive -> challenged(id, current, alive)));
  }

  private void challenged(String id, BoundSession current, boolean alive) {
    if (!alive) {
      current.lose("bound anew by the device");
    }
    connection.post(() -> {
      if (alive) {
        unpark(id)
            .forEach(r -> connection.refuse(r, MsrpStatus.BOUND_ELSEWHERE, "bound elsewhere"));
        connection.closeWhenUnused();
      } else {
        wake(id);
      }
    });
  }

  /// Binds a session to this connection, which we made, by a bodiless SEND (RFC 4975 §5.4).
  ///
  /// @param limit how long the answer is awaited
  /// @param answered told its status, unless the session was abandoned before
  void bindFor(MsrpSession session, MsrpSession.Peer peer, Duration limit, IntConsumer answered) {
    if (!connection.channel().isActive()) {
      answered.accept(Transactions.CLOSED);
      return;
    }
    MsrpRequest bind =
        connection.chunker().bodiless(peer.path(), session.own(), connection.freshId());
    String id = bind.transactionId();
    binding.put(session, id);
    connection.await(
        id,
        status -> {
          if (binding.remove(session, id)) {
            bindAnswered(session, peer, status);
            answered.accept(status);
          }
        });
    connection.after(limit, () -> connection.expire(id));
    connection.write(bind);
  }

  /// The first answered bind wins: a session that is bound elsewhere by now stays there.
  private void bindAnswered(MsrpSession session, MsrpSession.Peer peer, int status) {
    if (status == MsrpStatus.OK.code()
        && session.claim(connection, peer.path()) instanceof Claim.Here here
        && here.fresh()) {
      here.bound().boundByUs();
      connection.enter(here.bound());
    }
  }

  /// The session is bound elsewhere or has ended, so whatever is answered to its bind says nothing.
  void abandon(MsrpSession session) {
    binding.remove(session);
    connection.closeWhenUnused();
  }

  /// Whether a request waits to be judged, or a bind of ours to be answered.
  boolean isAwaiting() {
    return !parked.isEmpty() || !binding.isEmpty();
  }

  void closed() {
    parked.clear();
    parkedRequests = 0;
  }
}
