package io.continuo.msrp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Cuts a message into SEND requests, in the most conservative form: chunks in order, each with a
/// full Byte-Range (RFC 4975 §7.1.1).
///
/// Threading: the one of its supplier.
///
/// @param maxChunk body bytes of one chunk, 2048 for clients in the field
/// @param transactionIds a fresh id on each call, see [Ident#isIdent]; one that would end the chunk
///   early is thrown away
public record Chunker(int maxChunk, Supplier<String> transactionIds) {
  /// @throws IllegalArgumentException when a chunk could hold no byte
  public Chunker {
    if (maxChunk < 1) {
      throw new IllegalArgumentException("maxChunk " + maxChunk);
    }
  }

  /// The chunks, made while they are asked for. `body` must not change before the last one.
  public Iterator<MsrpRequest> chunks(
      List<MsrpUri> toPath, MsrpUri from, String messageId, String contentType, byte[] body) {
    return new Cutting(toPath, List.of(from), messageId, contentType, new Whole(body));
  }

  /// The chunks of a message of any size, read while they are asked for: never more than two chunks
  /// are in memory. An iterator whose stream fails throws [UncheckedIOException]; the message is
  /// given up with [#giveUp] then. The stream is not closed.
  ///
  /// @param total bytes that the stream gives; empty when nobody knows (`*`). A stream that ends
  ///   before or goes on behind it is an [UncheckedIOException]
  public Iterator<MsrpRequest> chunks(
      List<MsrpUri> toPath,
      MsrpUri from,
      String messageId,
      String contentType,
      InputStream body,
      OptionalLong total) {
    return new Cutting(toPath, List.of(from), messageId, contentType, new Stream(body, total));
  }

  /// A SEND without body, which binds a connection or keeps it alive.
  public MsrpRequest bodiless(List<MsrpUri> toPath, MsrpUri from, String messageId) {
    List<MsrpHeader> headers =
        List.of(
            new MsrpHeader(MsrpHeader.MESSAGE_ID, messageId),
            new MsrpHeader(MsrpHeader.BYTE_RANGE, ByteRange.of(1, 0, 0).toString()));
    return new MsrpRequest(
        freshId(),
        MsrpRequest.SEND,
        toPath,
        List.of(from),
        headers,
        MsrpBody.NONE,
        Continuation.COMPLETE);
  }

  /// Tells the receiver that no more comes of a message (`#`), after its chunk `last`.
  public MsrpRequest giveUp(MsrpRequest last) {
    ByteRange range =
        last.header(MsrpHeader.BYTE_RANGE).flatMap(ByteRange::parse).orElse(ByteRange.UNSAID);
    var rest = new ByteRange(range.end().orElse(0) + 1, OptionalLong.empty(), range.total());
    List<MsrpHeader> headers =
        List.of(
            new MsrpHeader(MsrpHeader.MESSAGE_ID, last.header(MsrpHeader.MESSAGE_ID).orElse("")),
            new MsrpHeader(MsrpHeader.BYTE_RANGE, rest.toString()));
    return new MsrpRequest(
        freshId(),
        MsrpRequest.SEND,
        last.toPath(),
        last.fromPath(),
        headers,
        MsrpBody.NONE,
        Continuation.ABORTED);
  }

  /// Where the bytes of a message come from.
  private sealed interface Source permits Whole, Stream {
    /// The next bytes, `most` unless these are the last.
    byte[] take(int most);

    boolean isEnd();

    OptionalLong total();
  }

  private static final class Whole implements Source {
    private final byte[] body;
    private int at;

    Whole(byte[] body) {
      this.body = body;
    }

    @Override
    public byte[] take(int most) {
      int end = (int) Math.min(body.length, (long) at + most);
      byte[] piece = at == 0 && end == body.length ? body : Arrays.copyOfRange(body, at, end);
      at = end;
      return piece;
    }

    @Override
    public boolean isEnd() {
      return at == body.length;
    }

    @Override
    public OptionalLong total() {
      return OptionalLong.of(body.length);
    }
  }

  /// One piece ahead, since the chunk with the last byte must say so.
  private static final class Stream implements Source {
    private final InputStream in;
    private final OptionalLong total;
    private byte @Nullable [] ahead;
    private long taken;

    Stream(InputStream in, OptionalLong total) {
      this.in = in;
      this.total = total;
    }

    @Override
    public byte[] take(int most) {
      try {
        byte[] piece = ahead == null ? in.readNBytes(most) : ahead;
        ahead = in.readNBytes(most);
        taken += piece.length;
        if (total.isPresent() && (isEnd() ? taken != total.getAsLong() : behind(total))) {
          throw new EOFException("not the " + total.getAsLong() + " bytes that were announced");
        }
        return piece;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private boolean behind(OptionalLong announced) {
      return taken >= announced.getAsLong();
    }

    @Override
    public boolean isEnd() {
      return ahead != null && ahead.length == 0;
    }

    @Override
    public OptionalLong total() {
      return total;
    }
  }

  private final class Cutting implements Iterator<MsrpRequest> {
    private final List<MsrpUri> toPath;
    private final List<MsrpUri> fromPath;
    private final String messageId;
    private final String contentType;
    private final Source source;
    private long at;
    private boolean done;

    Cutting(
        List<MsrpUri> toPath,
        List<MsrpUri> fromPath,
        String messageId,
        String contentType,
        Source source) {
      this.toPath = toPath;
      this.fromPath = fromPath;
      this.messageId = messageId;
      this.contentType = contentType;
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      return !done;
    }

    @Override
    public MsrpRequest next() {
      if (done) {
        throw new NoSuchElementException();
      }
      byte[] piece = source.take(maxChunk);
      done = source.isEnd();
      long end = at + piece.length;
      var range = new ByteRange(at + 1, OptionalLong.of(end), source.total());
      at = end;
      return chunk(range, piece);
    }

    private MsrpRequest chunk(ByteRange range, byte[] piece) {
      List<MsrpHeader> headers =
          List.of(
              new MsrpHeader(MsrpHeader.MESSAGE_ID, messageId),
              new MsrpHeader(MsrpHeader.BYTE_RANGE, range.toString()),
              new MsrpHeader(MsrpHeader.CONTENT_TYPE, contentType));
      return new MsrpRequest(
          idNotIn(piece),
          MsrpRequest.SEND,
          toPath,
          fromPath,
          headers,
          new MsrpBody.Bytes(piece),
          done ? Continuation.COMPLETE : Continuation.MORE);
    }

    private String idNotIn(byte[] piece) {
      String id = freshId();
      while (contains(piece, ("-------" + id).getBytes(StandardCharsets.US_ASCII))) {
        id = freshId();
      }
      return id;
    }
  }

  /// What we send is strict, though more is read of peers.
  private String freshId() {
    String id = transactionIds.get();
    if (!Ident.isIdent(id)) {
      throw new IllegalArgumentException("not a transaction id: " + id);
    }
    return id;
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int i = 0; i <= bytes.length - wanted.length; i++) {
      if (bytes[i] == '-' && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
