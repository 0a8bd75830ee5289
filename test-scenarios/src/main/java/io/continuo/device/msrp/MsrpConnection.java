package io.continuo.device.msrp;

import static io.continuo.device.ladder.LadderEvent.Kind.MSRP;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One TCP connection that carries MSRP.
///
/// Threading: one reader thread, which hands requests to the sessions in order, and one writer
/// thread, so that a reader that answers never waits for a peer that does not read.
public final class MsrpConnection {
  /// Frames waiting to be written. A writer of more waits [#FULL_SECONDS], then the connection is
  /// closed: its peer has stopped reading.
  static final int MAX_WAITING = 10_000;

  static final long FULL_SECONDS = 5;

  /// The status of a request whose connection was closed before its answer.
  public static final int LOST = 0;

  /// What the connection tells.
  interface Listener {
    void requested(MsrpConnection connection, MsrpFrame.Request request);

    void closed(MsrpConnection connection);
  }

  private final Socket socket;
  private final Listener listener;
  private final Ladder.Lane lane;
  private final Wiretap wiretap;
  private final BlockingQueue<byte[]> outgoing = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Map<String, CompletableFuture<Integer>> unanswered = new ConcurrentHashMap<>();
  private volatile boolean closed;

  MsrpConnection(Socket socket, Listener listener, Ladder.Lane lane, Wiretap wiretap) {
    this.socket = socket;
    this.listener = listener;
    this.lane = lane;
    this.wiretap = wiretap;
  }

  void start() {
    Thread.ofVirtual().name("msrp-write-" + socket.getLocalPort()).start(this::writeAll);
    Thread.ofVirtual().name("msrp-read-" + socket.getLocalPort()).start(this::readAll);
  }

  boolean open() {
    return !closed;
  }

  /// Sends a request that the peer answers; the status comes, or [#LOST].
  CompletableFuture<Integer> ask(MsrpFrame.Request request) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    unanswered.put(request.transaction(), status);
    write(request);
    if (closed) {
      lose();
    }
    return status;
  }

  /// Sends a frame that nobody answers.
  void write(MsrpFrame frame) {
    byte[] bytes = frame.bytes();
    wiretap.sent(MSRP, bytes);
    lane.sent(MSRP, MsrpLabel.of(frame));
    try {
      if (!outgoing.offer(bytes, FULL_SECONDS, TimeUnit.SECONDS)) {
        lane.note("the MSRP peer does not read");
        close();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      close();
    }
  }

  private void writeAll() {
    try {
      OutputStream out = socket.getOutputStream();
      while (!closed) {
        byte[] bytes = outgoing.take();
        if (bytes.length > 0) {
          out.write(bytes);
        }
      }
    } catch (IOException | InterruptedException gone) {
      close();
    }
  }

  private void readAll() {
    try {
      MsrpReader reader = new MsrpReader(new BufferedInputStream(socket.getInputStream()));
      for (Optional<MsrpFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
        take(frame.get());
      }
    } catch (IOException | RuntimeException broken) {
      if (!closed) {
        lane.note("MSRP connection: " + broken.getMessage());
      }
    }
    close();
    lose();
    listener.closed(this);
  }

  private void take(MsrpFrame frame) {
    wiretap.received(MSRP, frame.bytes());
    lane.received(MSRP, MsrpLabel.of(frame));
    switch (frame) {
      case MsrpFrame.Request request -> listener.requested(this, request);
      case MsrpFrame.Response response -> {
        CompletableFuture<Integer> status = unanswered.remove(response.transaction());
        if (status != null) {
          status.complete(response.status());
        }
      }
    }
  }

  private void lose() {
    unanswered.values().forEach(status -> status.complete(LOST));
    unanswered.clear();
  }

  /// Closes at once, as a network that went away.
  void close() {
    closed = true;
    outgoing.offer(new byte[0]);
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Closing a broken socket: nothing is lost that was not lost before.
      return;
    }
  }
}
