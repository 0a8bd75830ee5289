package io.continuo.device.msrp;

/// A message to send.
///
/// @param chunkSize body bytes of one SEND; a longer body goes in several
/// @param failureReport `yes`, `no` or `partial` (RFC 4975 §7.1.1)
/// @param successReport whether a REPORT is asked for
public record Outgoing(
    String messageId,
    String contentType,
    byte[] body,
    int chunkSize,
    String failureReport,
    boolean successReport) {
  /// Body bytes of one chunk, unless said otherwise.
  public static final int DEFAULT_CHUNK = 2048;

  public Outgoing(String messageId, String contentType, byte[] body) {
    this(messageId, contentType, body, DEFAULT_CHUNK, "yes", false);
  }

  public Outgoing inChunksOf(int size) {
    return new Outgoing(messageId, contentType, body, size, failureReport, successReport);
  }

  public Outgoing reporting(String failure, boolean success) {
    return new Outgoing(messageId, contentType, body, chunkSize, failure, success);
  }
}
