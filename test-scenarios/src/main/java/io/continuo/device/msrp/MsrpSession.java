package io.continuo.device.msrp;

import io.continuo.device.sip.NotInTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One end of an MSRP session (RFC 4975): its binding to a connection, what it sends and what it
/// takes. Every SEND is answered 200, unless a test has said otherwise.
///
/// Threading: any thread.
public final class MsrpSession {
  private final MsrpEndpoint endpoint;
  private final String id;
  private final String path;
  private final MsrpUser user;
  private final Joiner joiner = new Joiner();
  private final SendAnswers answers = new SendAnswers();
  private final AtomicInteger peerBinds = new AtomicInteger();
  private final CompletableFuture<Void> peerBound = new CompletableFuture<>();
  private CompletableFuture<MsrpConnection> bound = new CompletableFuture<>();
  private @Nullable MsrpConnection connection;
  private MsrpFrames frames;

  MsrpSession(MsrpEndpoint endpoint, String id, String path, MsrpUser user) {
    this.endpoint = endpoint;
    this.id = id;
    this.path = path;
    this.user = user;
    this.frames = new MsrpFrames(path, List.of());
  }

  /// Our `a=path` URI.
  public String path() {
    return path;
  }

  /// The peer's side is known.
  public synchronized void peer(List<String> peer) {
    frames = new MsrpFrames(path, peer);
  }

  private synchronized MsrpFrames frames() {
    return frames;
  }

  /// Connects to the peer and binds with a bodiless SEND; nothing else is sent before its 200.
  public int connect(Duration patience) {
    MsrpConnection made = endpoint.connect(frames().peer());
    synchronized (this) {
      connection = made;
    }
    int status =
        NotInTime.await(made.ask(frames().bodiless("")), patience, "the 200 to the binding SEND");
    if (status == 200) {
      bind(made);
    } else {
      made.close();
    }
    return status;
  }

  private void bind(MsrpConnection usable) {
    CompletableFuture<MsrpConnection> waiting;
    synchronized (this) {
      connection = usable;
      waiting = bound;
    }
    if (waiting.complete(usable)) {
      user.bound(this);
    }
  }

  /// Waits until the session has a connection that may be used.
  public void awaitBound(Duration patience) {
    usable(patience);
  }

  private MsrpConnection usable(Duration patience) {
    CompletableFuture<MsrpConnection> waiting;
    synchronized (this) {
      waiting = bound;
    }
    return NotInTime.await(waiting, patience, "an MSRP connection");
  }

  public synchronized boolean isBound() {
    return bound.isDone();
  }

  /// Waits for the peer's bodiless SEND, which figure 3 of the seed has on every leg.
  public void awaitPeerBind(Duration patience) {
    NotInTime.await(peerBound, patience, "the peer's bodiless SEND");
  }

  /// Bodiless SENDs received.
  public int peerBinds() {
    return peerBinds.get();
  }

  /// Sends a bodiless SEND; its status comes behind everything that the peer had pending.
  public CompletableFuture<Integer> probe(Duration patience) {
    return usable(patience).ask(frames().bodiless(MsrpFrames.BARRIER));
  }

  /// Sends a message, whole or in chunks. The status is the first that is not 200, or 200.
  public CompletableFuture<Integer> send(Outgoing message, Duration patience) {
    MsrpConnection through = usable(patience);
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    for (MsrpFrame.Request chunk : frames().chunks(message)) {
      if (message.failureReport().equals("yes")) {
        statuses.add(through.ask(chunk));
      } else {
        through.write(chunk);
      }
    }
    return worst(statuses);
  }

  private static CompletableFuture<Integer> worst(List<CompletableFuture<Integer>> statuses) {
    return CompletableFuture.allOf(statuses.toArray(CompletableFuture<?>[]::new))
        .thenApply(done ->
            statuses.stream()
                .map(CompletableFuture::join)
                .filter(status -> status != 200)
                .findFirst()
                .orElse(200));
  }

  /// Sends any frame as it is: bad input for tests. The status of its answer.
  public CompletableFuture<Integer> sendRaw(MsrpFrame.Request request, Duration patience) {
    return usable(patience).ask(request);
  }

  void requested(MsrpConnection from, MsrpFrame.Request request) {
    if (!mayUse(from)) {
      from.write(MsrpFrames.response(request, 506));
      return;
    }
    bind(from);
    switch (request.method()) {
      case "SEND" -> taken(from, request);
      case "REPORT" -> reported(request);
      default -> from.write(MsrpFrames.response(request, 501));
    }
  }

  private synchronized boolean mayUse(MsrpConnection from) {
    return connection == null || connection == from || !connection.open();
  }

  private void taken(MsrpConnection from, MsrpFrame.Request send) {
    int status = answers.nextStatus();
    if (status == 200) {
      send.body().ifPresentOrElse(body -> joined(from, send, body), this::peerHasBound);
    }
    Runnable answer = () -> from.write(MsrpFrames.response(send, status));
    String report = send.header("Failure-Report").orElse("yes");
    boolean silent = report.equals("no") || (report.equals("partial") && status == 200);
    if (!silent) {
      answers.give(answer);
    }
  }

  private void joined(MsrpConnection from, MsrpFrame.Request send, byte[] body) {
    Optional<byte[]> whole = joiner.take(send, body);
    if (whole.isEmpty()) {
      return;
    }
    String messageId = send.header("Message-ID").orElse("");
    String type = send.header("Content-Type").orElse("text/plain");
    user.received(this, messageId, type, whole.get());
    if (send.header("Success-Report").orElse("no").equals("yes")) {
      from.write(frames().successReport(send, messageId, whole.get().length));
    }
  }

  private void peerHasBound() {
    peerBinds.incrementAndGet();
    peerBound.complete(null);
  }

  private void reported(MsrpFrame.Request report) {
    String[] status = report.header("Status").orElse("000 200").split(" ");
    int number = status.length > 1 ? Integer.parseInt(status[1]) : 200;
    user.reported(this, report.header("Message-ID").orElse(""), number);
  }

  /// What a test has it answer.
  public SendAnswers answers() {
    return answers;
  }

  /// Closes the connection without a word; the session stays and can connect again.
  public void dropConnection() {
    MsrpConnection dropped;
    synchronized (this) {
      dropped = connection;
      connection = null;
      bound = new CompletableFuture<>();
    }
    if (dropped != null) {
      dropped.close();
    }
  }

  void closed(MsrpConnection gone) {
    boolean ours;
    synchronized (this) {
      ours = connection == gone;
      if (ours) {
        connection = null;
        bound = new CompletableFuture<>();
      }
    }
    if (ours) {
      user.unbound(this);
    }
  }

  /// Ends the session and its connection.
  public void close() {
    endpoint.forget(id);
    dropConnection();
  }
}
