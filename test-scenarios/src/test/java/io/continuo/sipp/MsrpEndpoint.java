package io.continuo.sipp;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The MSRP side of a SIPp device: listens where the device's SDP says (`a=setup:passive`), answers
/// every SEND with 200, keeps what it got, and can send.
///
/// Threading: one virtual thread reads the connection; frames are guarded by their list's monitor.
final class MsrpEndpoint implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ServerSocket listening;
  private final String session = UUID.randomUUID().toString().replace("-", "");
  private final List<MsrpFrame> received = new ArrayList<>();
  private Optional<Socket> connection = Optional.empty();
  private Optional<Throwable> failure = Optional.empty();

  private MsrpEndpoint(ServerSocket listening) {
    this.listening = listening;
  }

  static MsrpEndpoint listen() throws IOException {
    MsrpEndpoint endpoint =
        new MsrpEndpoint(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
    Thread.ofVirtual().name("msrp endpoint").start(endpoint::accept);
    return endpoint;
  }

  int port() {
    return listening.getLocalPort();
  }

  /// For `a=path` (RFC 4975 §6).
  String path() {
    return "msrp://127.0.0.1:%d/%s;tcp".formatted(port(), session);
  }

  /// The bodiless SEND that binds the connection to the session.
  MsrpFrame isBound() {
    return await(
        frame -> frame.start().equals("SEND") && frame.body().isEmpty(), "a bodiless SEND");
  }

  /// A message whose body holds the text; a message in several chunks has it in one of them.
  MsrpFrame receives(String text) {
    return await(
        frame -> frame.start().equals("SEND") && frame.body().orElse("").contains(text),
        "a SEND with '" + text + "'");
  }

  /// Sends a CPIM message in one chunk and returns the status of the answer.
  int sends(String from, String to, String text) throws IOException {
    String messageId = UUID.randomUUID().toString();
    String cpim =
        """
        From: <%s>\r
        To: <%s>\r
        DateTime: 2026-01-01T00:00:00Z\r
        NS: imdn <urn:ietf:params:imdn>\r
        imdn.Message-ID: %s\r
        \r
        Content-Type: text/plain; charset=utf-8\r
        \r
        %s\
        """
            .formatted(from, to, messageId, text);
    int length = cpim.getBytes(StandardCharsets.UTF_8).length;
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("To-Path", isBound().header("From-Path"));
    headers.put("From-Path", path());
    headers.put("Message-ID", messageId.substring(0, 8));
    headers.put("Byte-Range", "1-%d/%d".formatted(length, length));
    headers.put("Content-Type", "message/cpim");
    String transaction = "t" + messageId.substring(0, 8);
    write(new MsrpFrame(transaction, "SEND", headers, Optional.of(cpim), '$'));
    MsrpFrame answer =
        await(f -> f.isResponse() && f.transaction().equals(transaction), "an answer to the SEND");
    return Integer.parseInt(answer.start().substring(0, 3));
  }

  /// Requests so far.
  List<MsrpFrame> requests() {
    synchronized (received) {
      return received.stream().filter(frame -> !frame.isResponse()).toList();
    }
  }

  private void accept() {
    try (Socket socket = listening.accept()) {
      synchronized (received) {
        connection = Optional.of(socket);
      }
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      for (; ; ) {
        take(MsrpFrame.read(in));
      }
    } catch (EOFException | SocketException closed) {
      ended(Optional.empty());
    } catch (IOException | RuntimeException | AssertionError e) {
      ended(Optional.of(e));
    }
  }

  private void take(MsrpFrame frame) throws IOException {
    if (frame.start().equals("SEND")) {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("To-Path", frame.header("From-Path"));
      headers.put("From-Path", path());
      write(new MsrpFrame(frame.transaction(), "200 OK", headers, Optional.empty(), '$'));
    }
    synchronized (received) {
      received.add(frame);
      received.notifyAll();
    }
  }

  private void ended(Optional<Throwable> why) {
    synchronized (received) {
      failure = why;
      received.notifyAll();
    }
  }

  private void write(MsrpFrame frame) throws IOException {
    synchronized (received) {
      connection.orElseThrow().getOutputStream().write(frame.bytes());
    }
  }

  private MsrpFrame await(Predicate<MsrpFrame> fits, String what) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    synchronized (received) {
      for (; ; ) {
        Optional<MsrpFrame> found = received.stream().filter(fits).findFirst();
        if (found.isPresent()) {
          return found.get();
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || failure.isPresent()) {
          throw new AssertionError("no %s; got %s".formatted(what, received), failure.orElse(null));
        }
        waitFor(left);
      }
    }
  }

  private void waitFor(long millis) {
    try {
      received.wait(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for MSRP", e);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    synchronized (received) {
      if (connection.isPresent()) {
        connection.get().close();
      }
    }
  }
}
