package io.continuo.msrp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Cuts a message into SEND requests, in the most conservative form: chunks in order, each with a
/// full Byte-Range (RFC 4975 §7.1.1).
///
/// Threading: the one of its supplier.
///
/// @param maxChunk body bytes of one chunk, 2048 for clients in the field
/// @param transactionIds a fresh id on each call; one that would end the chunk early is thrown away
public record Chunker(int maxChunk, Supplier<String> transactionIds) {
  public Chunker {
    if (maxChunk < 1) {
      throw new IllegalArgumentException("maxChunk " + maxChunk);
    }
  }

  /// The chunks, made while they are asked for. `body` must not change before the last one.
  public Iterator<MsrpRequest> chunks(
      List<MsrpUri> toPath, MsrpUri from, String messageId, String contentType, byte[] body) {
    return new Cutting(toPath, List.of(from), messageId, contentType, body);
  }

  /// A SEND without body, which binds a connection or keeps it alive.
  public MsrpRequest bodiless(List<MsrpUri> toPath, MsrpUri from, String messageId) {
    List<MsrpHeader> headers =
        List.of(
            new MsrpHeader(MsrpHeader.MESSAGE_ID, messageId),
            new MsrpHeader(MsrpHeader.BYTE_RANGE, ByteRange.of(1, 0, 0).toString()));
    return new MsrpRequest(
        transactionIds.get(),
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
        transactionIds.get(),
        MsrpRequest.SEND,
        last.toPath(),
        last.fromPath(),
        headers,
        MsrpBody.NONE,
        Continuation.ABORTED);
  }

  private final class Cutting implements Iterator<MsrpRequest> {
    private final List<MsrpUri> toPath;
    private final List<MsrpUri> fromPath;
    private final String messageId;
    private final String contentType;
    private final byte[] body;
    private int at;
    private boolean done;

    Cutting(
        List<MsrpUri> toPath,
        List<MsrpUri> fromPath,
        String messageId,
        String contentType,
        byte[] body) {
      this.toPath = toPath;
      this.fromPath = fromPath;
      this.messageId = messageId;
      this.contentType = contentType;
      this.body = body;
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
      int end = Math.min(body.length, at + maxChunk);
      byte[] piece = at == 0 && end == body.length ? body : Arrays.copyOfRange(body, at, end);
      MsrpRequest chunk = chunk(ByteRange.of(at + 1L, end, body.length), piece);
      at = end;
      done = end == body.length;
      return chunk;
    }

    private MsrpRequest chunk(ByteRange range, byte[] piece) {
      List<MsrpHeader> headers =
          List.of(
              new MsrpHeader(MsrpHeader.MESSAGE_ID, messageId),
              new MsrpHeader(MsrpHeader.BYTE_RANGE, range.toString()),
              new MsrpHeader(MsrpHeader.CONTENT_TYPE, contentType));
      boolean last = range.end().equals(range.total());
      return new MsrpRequest(
          idNotIn(piece),
          MsrpRequest.SEND,
          toPath,
          fromPath,
          headers,
          new MsrpBody.Bytes(piece),
          last ? Continuation.COMPLETE : Continuation.MORE);
    }

    private String idNotIn(byte[] piece) {
      String id = transactionIds.get();
      while (contains(piece, ("-------" + id).getBytes(StandardCharsets.US_ASCII))) {
        id = transactionIds.get();
      }
      return id;
    }
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
