package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpUri;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Everything of one message but its body, as it stands on the wire: start line, headers, and what
/// ends it (RFC 4975 §9). Both are put into one array of the right size.
///
/// Threading: one thread.
final class WireHead {
  private static final byte[] MSRP = ascii("MSRP ");
  private static final byte[] TO_PATH = ascii("\r\nTo-Path:");
  private static final byte[] FROM_PATH = ascii("\r\nFrom-Path:");
  private static final byte[] DASHES = ascii("-------");
  private static final int LINE_END = 2;
  private static final int THREE_DIGITS = 1000;

  private final byte[] bytes;
  private int at;

  private WireHead(int size) {
    bytes = new byte[size];
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] of(MsrpMessage message) {
    return switch (message) {
      case MsrpRequest request -> of(request);
      case MsrpResponse response -> of(response);
    };
  }

  /// Bytes of the array that stand behind the body.
  static int tailSize(MsrpMessage message) {
    return message instanceof MsrpRequest request ? tailSize(request) : 0;
  }

  private static int headSize(MsrpRequest request) {
    return switch (request.body()) {
      case MsrpBody.Piece piece when piece.offset() > 0 -> 0;
      case MsrpBody.None none -> headSize(request, request.method().length());
      case MsrpBody.Bytes whole -> headSize(request, request.method().length()) + LINE_END;
      case MsrpBody.Piece first -> headSize(request, request.method().length()) + LINE_END;
      case MsrpBody.TooLarge tooLarge -> headSize(request, request.method().length());
    };
  }

  private static int tailSize(MsrpRequest request) {
    return switch (request.body()) {
      case MsrpBody.Piece piece when !piece.last() -> 0;
      case MsrpBody.None none -> endLineSize(request);
      case MsrpBody.Bytes whole -> LINE_END + endLineSize(request);
      case MsrpBody.Piece last -> LINE_END + endLineSize(request);
      case MsrpBody.TooLarge tooLarge -> endLineSize(request);
    };
  }

  private static int endLineSize(MsrpMessage message) {
    return DASHES.length + message.transactionId().length() + 1 + LINE_END;
  }

  private static int headSize(MsrpMessage message, int startSize) {
    int size = MSRP.length + message.transactionId().length() + 1 + startSize;
    size += TO_PATH.length + pathSize(message.toPath());
    size += FROM_PATH.length + pathSize(message.fromPath()) + LINE_END;
    List<MsrpHeader> headers = message.headers();
    for (int i = 0; i < headers.size(); i++) {
      size += headers.get(i).size();
    }
    return size;
  }

  private static int pathSize(List<MsrpUri> path) {
    int size = 0;
    for (int i = 0; i < path.size(); i++) {
      size += 1 + path.get(i).size();
    }
    return size;
  }

  private static byte[] of(MsrpRequest request) {
    int tail = tailSize(request);
    var head = new WireHead(headSize(request) + tail);
    if (tail < head.bytes.length && !isLaterPiece(request.body())) {
      head.start(request);
      head.put(request.method());
      head.headers(request);
    }
    boolean body = !(request.body() instanceof MsrpBody.None);
    if (head.at > 0 && body) {
      head.lineEnd();
    }
    if (tail > 0) {
      if (body) {
        head.lineEnd();
      }
      head.endLine(request, request.continuation());
    }
    return head.bytes;
  }

  private static boolean isLaterPiece(MsrpBody body) {
    return body instanceof MsrpBody.Piece piece && piece.offset() > 0;
  }

  private static byte[] of(MsrpResponse response) {
    String comment = response.comment().isEmpty() ? "" : " " + response.comment();
    String status = Integer.toString(THREE_DIGITS + response.status()).substring(1);
    byte[] start = (status + comment).getBytes(StandardCharsets.UTF_8);
    var head = new WireHead(headSize(response, start.length) + endLineSize(response));
    head.start(response);
    head.put(start);
    head.headers(response);
    head.endLine(response, Continuation.COMPLETE);
    return head.bytes;
  }

  private void start(MsrpMessage message) {
    put(MSRP);
    put(message.transactionId());
    bytes[at++] = ' ';
  }

  private void headers(MsrpMessage message) {
    put(TO_PATH);
    put(message.toPath());
    put(FROM_PATH);
    put(message.fromPath());
    lineEnd();
    List<MsrpHeader> headers = message.headers();
    for (int i = 0; i < headers.size(); i++) {
      at = headers.get(i).copyTo(bytes, at);
    }
  }

  private void put(List<MsrpUri> path) {
    for (int i = 0; i < path.size(); i++) {
      bytes[at++] = ' ';
      at = path.get(i).copyTo(bytes, at);
    }
  }

  private void endLine(MsrpMessage message, Continuation flag) {
    put(DASHES);
    put(message.transactionId());
    bytes[at++] = (byte) flag.flag();
    lineEnd();
  }

  private void lineEnd() {
    bytes[at++] = '\r';
    bytes[at++] = '\n';
  }

  private void put(byte[] known) {
    System.arraycopy(known, 0, bytes, at, known.length);
    at += known.length;
  }

  /// @param ascii an ident or a method: each of its characters is one byte, which is what the
  ///   method of [String] that is used here takes of them
  @SuppressWarnings("deprecation")
  private void put(String ascii) {
    ascii.getBytes(0, ascii.length(), bytes, at);
    at += ascii.length();
  }
}
