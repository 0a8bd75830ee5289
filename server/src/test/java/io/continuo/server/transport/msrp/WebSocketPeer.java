package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A browser's end of one WebSocket, by the JDK's client and without our codec. A whole frame is
/// one entry; bytes of binary ones as ISO-8859-1.
final class WebSocketPeer implements WebSocket.Listener, AutoCloseable {
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> pongs = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> pings = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private volatile boolean binary;

  WebSocket socket() {
    return opened.orTimeout(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  void sends(String text) {
    socket().sendText(text, true).orTimeout(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  String next() throws InterruptedException {
    String message = messages.poll(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(message).as("a message from the server").isNotNull();
    return message;
  }

  /// Whether the last message was.
  boolean wasBinary() {
    return binary;
  }

  byte[] nextPong() throws InterruptedException {
    byte[] pong = pongs.poll(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(pong).as("a pong").isNotNull();
    return pong;
  }

  void awaitsPing() throws InterruptedException {
    assertThat(pings.poll(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS)).as("a ping").isNotNull();
  }

  int closeCode() {
    return closed.orTimeout(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    if (opened.isDone()) {
      socket().abort();
    }
  }

  // ---- WebSocket.Listener

  @Override
  public void onOpen(WebSocket socket) {
    opened.complete(socket);
    socket.request(Long.MAX_VALUE);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      ends(false);
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    partial.append(StandardCharsets.ISO_8859_1.decode(data));
    if (last) {
      ends(true);
    }
    return null;
  }

  private void ends(boolean wasBinary) {
    binary = wasBinary;
    messages.add(partial.toString());
    partial.setLength(0);
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    pings.add(true);
    return null; // The JDK answers it.
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    pongs.add(bytes);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.completeExceptionally(error);
  }
}
