package io.continuo.device.ladder;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The raw bytes that one device sent and received: what a privacy test reads.
///
/// Threading: any thread.
public final class Wiretap {
  /// Bytes kept; the oldest pieces are forgotten first.
  static final long MAX_BYTES = 32L << 20;

  /// Which way a piece went, seen from the device.
  public enum Direction {
    SENT,
    RECEIVED
  }

  /// One write, or one message read.
  public record Piece(Instant at, Direction direction, LadderEvent.Kind protocol, byte[] bytes) {}

  private final Deque<Piece> pieces = new ArrayDeque<>();
  private long kept;

  public void sent(LadderEvent.Kind protocol, byte[] bytes) {
    add(new Piece(Instant.now(), Direction.SENT, protocol, bytes));
  }

  public void received(LadderEvent.Kind protocol, byte[] bytes) {
    add(new Piece(Instant.now(), Direction.RECEIVED, protocol, bytes));
  }

  private synchronized void add(Piece piece) {
    pieces.add(piece);
    kept += piece.bytes().length;
    while (kept > MAX_BYTES) {
      kept -= pieces.removeFirst().bytes().length;
    }
  }

  public synchronized List<Piece> pieces() {
    return List.copyOf(pieces);
  }

  /// Everything that went one way, in order.
  public byte[] bytes(Direction direction) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces().stream()
        .filter(piece -> piece.direction() == direction)
        .forEach(piece -> all.writeBytes(piece.bytes()));
    return all.toByteArray();
  }

  /// [#bytes] as text, one char a byte, for searching.
  public String text(Direction direction) {
    return new String(bytes(direction), StandardCharsets.ISO_8859_1);
  }
}
