package io.continuo.device.msrp;

import io.continuo.device.sip.NotInTime;
import io.continuo.device.sip.SipText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One end of an MSRP session (RFC 4975). Every SEND is answered 200, unless a test has said
/// otherwise.
///
/// Threading: any thread.
public final class MsrpSession {
  /// Begins the transaction ids of barriers, so that a ladder can tell them from binding SENDs.
  static final String BARRIER = "barrier";

  private static final String BIND_RANGE = "1-0/0";

  private final MsrpEndpoint endpoint;
  private final String id;
  private final String path;
  private final MsrpUser user;
  private final Joiner joiner = new Joiner();
  private final Deque<Integer> scriptedStatuses = new ArrayDeque<>();
  private final List<Runnable> withheld = new ArrayList<>();
  private final AtomicInteger peerBinds = new AtomicInteger();
  private final CompletableFuture<Void> peerBound = new CompletableFuture<>();
  private CompletableFuture<MsrpConnection> bound = new CompletableFuture<>();
  private @Nullable MsrpConnection connection;
  private List<String> peerPath = List.of();
  private boolean withholding;

  MsrpSession(MsrpEndpoint endpoint, String id, String path, MsrpUser user) {
    this.endpoint = endpoint;
    this.id = id;
    this.path = path;
    this.user = user;
  }

  /// Our `a=path` URI.
  public String path() {
    return path;
  }

  /// The peer's side is known.
  public synchronized void peer(List<String> peer) {
    peerPath = List.copyOf(peer);
  }

  /// Connects to the peer and binds with a bodiless SEND; nothing else is sent before its 200.
  public int connect(Duration patience) {
    MsrpConnection made = endpoint.connect(peerPath.getFirst());
    synchronized (this) {
      connection = made;
    }
    int status = NotInTime.await(made.ask(bodiless("")), patience, "the 200 to the binding SEND");
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
    return usable(patience).ask(bodiless(BARRIER));
  }

  /// Sends a message, whole or in chunks. The status is the first that is not 200, or 200.
  public CompletableFuture<Integer> send(Outgoing message, Duration patience) {
    MsrpConnection through = usable(patience);
    List<CompletableFuture<Integer>> statuses = new ArrayList<>();
    int total = message.body().length;
    int start = 0;
    do {
      int end = Math.min(total, start + message.chunkSize());
      byte[] piece = Arrays.copyOfRange(message.body(), start, end);
      char flag = end < total ? '+' : '$';
      MsrpFrame.Request chunk = chunk(message, piece, start, flag);
      if (message.failureReport().equals("yes")) {
        statuses.add(through.ask(chunk));
      } else {
        through.write(chunk);
      }
      start = end;
    } while (start < total);
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

  private MsrpFrame.Request chunk(Outgoing message, byte[] piece, int start, char flag) {
    List<MsrpFrame.Header> headers = paths();
    headers.add(new MsrpFrame.Header("Message-ID", message.messageId()));
    int end = start + piece.length;
    String range = (start + 1) + "-" + end + "/" + message.body().length;
    headers.add(new MsrpFrame.Header("Byte-Range", range));
    if (message.successReport()) {
      headers.add(new MsrpFrame.Header("Success-Report", "yes"));
    }
    if (!message.failureReport().equals("yes")) {
      headers.add(new MsrpFrame.Header("Failure-Report", message.failureReport()));
    }
    headers.add(new MsrpFrame.Header("Content-Type", message.contentType()));
    return new MsrpFrame.Request(SipText.random(8), "SEND", headers, Optional.of(piece), flag);
  }

  private MsrpFrame.Request bodiless(String prefix) {
    List<MsrpFrame.Header> headers = paths();
    headers.add(new MsrpFrame.Header("Message-ID", SipText.random(8)));
    headers.add(new MsrpFrame.Header("Byte-Range", BIND_RANGE));
    String transaction = prefix + SipText.random(8);
    return new MsrpFrame.Request(transaction, "SEND", headers, Optional.empty(), '$');
  }

  private synchronized List<MsrpFrame.Header> paths() {
    List<MsrpFrame.Header> headers = new ArrayList<>();
    headers.add(new MsrpFrame.Header("To-Path", String.join(" ", peerPath)));
    headers.add(new MsrpFrame.Header("From-Path", path));
    return headers;
  }

  /// Sends any frame as it is: bad input for tests. The status of its answer.
  public CompletableFuture<Integer> sendRaw(MsrpFrame.Request request, Duration patience) {
    return usable(patience).ask(request);
  }

  void requested(MsrpConnection from, MsrpFrame.Request request) {
    if (!mayUse(from)) {
      from.write(response(request, 506));
      return;
    }
    bind(from);
    switch (request.method()) {
      case "SEND" -> taken(from, request);
      case "REPORT" -> reported(request);
      default -> from.write(response(request, 501));
    }
  }

  private synchronized boolean mayUse(MsrpConnection from) {
    return connection == null || connection == from || !connection.open();
  }

  private void taken(MsrpConnection from, MsrpFrame.Request send) {
    int status = nextStatus();
    if (status == 200) {
      send.body().ifPresentOrElse(body -> joined(from, send, body), this::peerHasBound);
    }
    Runnable answer = () -> from.write(response(send, status));
    String report = send.header("Failure-Report").orElse("yes");
    boolean silent = report.equals("no") || (report.equals("partial") && status == 200);
    if (!silent && !withhold(answer)) {
      answer.run();
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
      from.write(successReport(send, messageId, whole.get().length));
    }
  }

  private MsrpFrame.Request successReport(MsrpFrame.Request send, String messageId, int length) {
    return new MsrpFrame.Request(
        SipText.random(8),
        "REPORT",
        List.of(
            new MsrpFrame.Header("To-Path", send.header("From-Path").orElse("")),
            new MsrpFrame.Header("From-Path", path),
            new MsrpFrame.Header("Message-ID", messageId),
            new MsrpFrame.Header("Byte-Range", "1-" + length + "/" + length),
            new MsrpFrame.Header("Status", "000 200 OK")),
        Optional.empty(),
        '$');
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

  static MsrpFrame.Response response(MsrpFrame.Request request, int status) {
    return new MsrpFrame.Response(
        request.transaction(),
        status,
        status == 200 ? "OK" : "",
        List.of(
            new MsrpFrame.Header("To-Path", firstOf(request.header("From-Path").orElse(""))),
            new MsrpFrame.Header("From-Path", lastOf(request.header("To-Path").orElse("")))));
  }

  private static String firstOf(String path) {
    return path.strip().split(" ")[0];
  }

  private static String lastOf(String path) {
    return path.substring(path.strip().lastIndexOf(' ') + 1);
  }

  // --- what a test may have it do wrong -------------------------------------------------------

  /// Answers the next SEND with this status; several calls queue up.
  public synchronized void answersNextWith(int status) {
    scriptedStatuses.add(status);
  }

  private synchronized int nextStatus() {
    Integer scripted = scriptedStatuses.poll();
    return scripted == null ? 200 : scripted;
  }

  /// Holds back every answer from now on.
  public synchronized void withholdsAnswers() {
    withholding = true;
  }

  private synchronized boolean withhold(Runnable answer) {
    if (withholding) {
      withheld.add(answer);
    }
    return withholding;
  }

  /// Sends the answers held back, in order, and holds back no more.
  public void releasesAnswers() {
    List<Runnable> released;
    synchronized (this) {
      withholding = false;
      released = List.copyOf(withheld);
      withheld.clear();
    }
    released.forEach(Runnable::run);
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
