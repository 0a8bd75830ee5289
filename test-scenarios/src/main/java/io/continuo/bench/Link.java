package io.continuo.bench;

import io.continuo.bench.Frames.Frame;
import io.continuo.device.sip.SipText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The MSRP connection of one device, with one session on it; it is the active side.
///
/// Threading: made by the device's thread, then the [Selecting] thread only.
final class Link {
  /// Bytes waiting to be written; more is a server that has stopped reading.
  static final int MAX_WAITING = 16 << 20;

  private static final int CHUNK = 2048;

  /// Before the offset in the transaction ids of all chunks of a message but the last.
  static final char CHUNK_MARK = '.';

  private final SocketChannel channel;
  private final String serverPath;
  private final String ownPath;
  private final byte[] answerTail;
  private final Map<String, byte[]> unfinished = new HashMap<>();
  private byte[] in = new byte[32 * 1024];
  private int filled;
  private byte[] out = new byte[32 * 1024];
  private int waiting;
  private Told told = Told.NOTHING;
  private @Nullable SelectionKey key;

  private Link(SocketChannel channel, String serverPath, String ownPath) {
    this.channel = channel;
    this.serverPath = serverPath;
    this.ownPath = ownPath;
    this.answerTail =
        (" 200 OK\r\nTo-Path: " + serverPath + "\r\nFrom-Path: " + ownPath + "\r\n-------")
            .getBytes(StandardCharsets.US_ASCII);
  }

  /// What a link tells of.
  interface Told {
    Told NOTHING =
        new Told() {
          @Override
          public void answered(String transaction, int status) {}

          @Override
          public void received(byte[] bytes, int from, int to) {}
        };

    /// A request of ours was answered.
    void answered(String transaction, int status);

    /// A whole message.
    void received(byte[] bytes, int from, int to);
  }

  /// A path of our own, with 128 random bits.
  static String newPath() {
    return "msrp://127.0.0.1:9/" + SipText.random(16) + ";tcp";
  }

  static Link connect(String serverPath, String ownPath) throws IOException {
    URI uri = URI.create(serverPath.replaceAll(";.*", ""));
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(uri.getHost(), uri.getPort()));
    channel.socket().setTcpNoDelay(true);
    channel.configureBlocking(false);
    return new Link(channel, serverPath, ownPath);
  }

  SocketChannel channel() {
    return channel;
  }

  void registered(SelectionKey as) {
    key = as;
  }

  void tells(Told listener) {
    told = listener;
  }

  // --- writing ---------------------------------------------------------------------------------

  /// A bodiless SEND: it binds, and its answer comes behind everything that was pending.
  void probe(String transaction) {
    put(head(transaction, transaction) + "Byte-Range: 1-0/0\r\n-------" + transaction + "$\r\n");
  }

  /// A message in chunks; the last one's transaction is `transaction`.
  void send(String transaction, byte[] message) {
    for (int start = 0; start < message.length; start += CHUNK) {
      int end = Math.min(message.length, start + CHUNK);
      boolean last = end == message.length;
      String id = last ? transaction : transaction + CHUNK_MARK + start;
      put(
          head(id, transaction)
              + ("Byte-Range: " + (start + 1) + "-" + end + "/" + message.length)
              + "\r\nContent-Type: message/cpim\r\n\r\n");
      put(message, start, end - start);
      put("\r\n-------" + id + (last ? '$' : '+') + "\r\n");
    }
  }

  private String head(String transaction, String messageId) {
    return "MSRP "
        + transaction
        + " SEND\r\nTo-Path: "
        + serverPath
        + "\r\nFrom-Path: "
        + ownPath
        + "\r\nMessage-ID: "
        + messageId
        + "\r\n";
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    put(bytes, 0, bytes.length);
  }

  private void put(byte[] bytes, int from, int length) {
    if (waiting + length > MAX_WAITING) {
      throw new IllegalStateException("the server does not read: " + MAX_WAITING + " bytes wait");
    }
    if (waiting + length > out.length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, waiting + length));
    }
    System.arraycopy(bytes, from, out, waiting, length);
    waiting += length;
  }

  /// Writes what waits, as far as the socket takes it.
  void flush() throws IOException {
    if (waiting > 0) {
      int written = channel.write(ByteBuffer.wrap(out, 0, waiting));
      System.arraycopy(out, written, out, 0, waiting - written);
      waiting -= written;
    }
    SelectionKey registered = key;
    int wanted = SelectionKey.OP_READ | (waiting > 0 ? SelectionKey.OP_WRITE : 0);
    if (registered != null && registered.interestOps() != wanted) {
      registered.interestOps(wanted);
    }
  }

  // --- reading ---------------------------------------------------------------------------------

  /// Reads what is there and tells of it.
  void read() throws IOException {
    if (filled == in.length) {
      if (filled >= Frames.MAX_FRAME) {
        throw new IllegalStateException("an MSRP message over " + Frames.MAX_FRAME + " bytes");
      }
      in = Arrays.copyOf(in, in.length * 2);
    }
    int count = channel.read(ByteBuffer.wrap(in, filled, in.length - filled));
    if (count < 0) {
      throw new IOException("the server closed an MSRP connection");
    }
    filled += count;
    int taken = 0;
    for (Frame frame = Frames.next(in, 0, filled);
        frame != null;
        frame = Frames.next(in, taken, filled)) {
      take(frame);
      taken = frame.end();
    }
    System.arraycopy(in, taken, in, 0, filled - taken);
    filled -= taken;
  }

  private void take(Frame frame) {
    if (frame.status() > 0) {
      told.answered(frame.transaction(), frame.status());
    } else if (frame.method().equals("SEND")) {
      byte[] id = frame.transaction().getBytes(StandardCharsets.US_ASCII);
      put("MSRP ");
      put(id, 0, id.length);
      put(answerTail, 0, answerTail.length);
      put(id, 0, id.length);
      put("$\r\n");
      if (frame.body() >= 0) {
        join(frame);
      }
    }
  }

  private void join(Frame frame) {
    String[] range = frame.header("Byte-Range").split("[-/]");
    int start = Integer.parseInt(range[0]) - 1;
    int length = frame.bodyEnd() - frame.body();
    if (start == 0 && frame.flag() == '$') {
      told.received(frame.bytes(), frame.body(), frame.bodyEnd());
      return;
    }
    String id = frame.header("Message-ID");
    byte[] whole = unfinished.getOrDefault(id, new byte[0]);
    whole = Arrays.copyOf(whole, Math.max(whole.length, start + length));
    System.arraycopy(frame.bytes(), frame.body(), whole, start, length);
    if (frame.flag() == '$') {
      unfinished.remove(id);
      told.received(whole, 0, whole.length);
    } else {
      unfinished.put(id, whole);
    }
  }
}
