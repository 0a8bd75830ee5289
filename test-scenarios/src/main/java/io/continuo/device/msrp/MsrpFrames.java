package io.continuo.device.msrp;

import io.continuo.device.sip.SipText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Writes the frames of one [MsrpSession].
///
/// @param path our `a=path` URI
/// @param peerPath the peer's, empty while it is not known
record MsrpFrames(String path, List<String> peerPath) {
  /// Begins the transaction ids of barriers, so that a ladder can tell them from binding SENDs.
  static final String BARRIER = "barrier";

  private static final String NO_BYTES = "1-0/0";

  MsrpFrames {
    peerPath = List.copyOf(peerPath);
  }

  /// The first hop towards the peer.
  String peer() {
    return peerPath.getFirst();
  }

  /// The SENDs that carry this message (RFC 4975 §5.1); an empty one is one SEND too.
  List<MsrpFrame.Request> chunks(Outgoing message) {
    List<MsrpFrame.Request> chunks = new ArrayList<>();
    int total = message.body().length;
    int start = 0;
    do {
      int end = Math.min(total, start + message.chunkSize());
      byte[] piece = Arrays.copyOfRange(message.body(), start, end);
      chunks.add(chunk(message, piece, start, end < total ? '+' : '$'));
      start = end;
    } while (start < total);
    return chunks;
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

  /// A SEND without a body: it binds the session to a connection, or is a barrier.
  MsrpFrame.Request bodiless(String prefix) {
    List<MsrpFrame.Header> headers = paths();
    headers.add(new MsrpFrame.Header("Message-ID", SipText.random(8)));
    headers.add(new MsrpFrame.Header("Byte-Range", NO_BYTES));
    String transaction = prefix + SipText.random(8);
    return new MsrpFrame.Request(transaction, "SEND", headers, Optional.empty(), '$');
  }

  private List<MsrpFrame.Header> paths() {
    List<MsrpFrame.Header> headers = new ArrayList<>();
    headers.add(new MsrpFrame.Header("To-Path", String.join(" ", peerPath)));
    headers.add(new MsrpFrame.Header("From-Path", path));
    return headers;
  }

  /// RFC 4975 §7.1.2.
  MsrpFrame.Request successReport(MsrpFrame.Request send, String messageId, int length) {
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

  /// RFC 4975 §7.2: back along the request's path, one hop.
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
}
