package io.continuo.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// Writes and reads the CPIM messages of the load: the text names its writer, number and time, and
/// begins with the SHA-256 of everything else in the message, its headers included.
///
/// Threading: one thread.
final class ChatText {
  /// Smallest message in bytes: headers, hash, writer, number and time.
  static final int MIN_SIZE = 480;

  private static final int HASH = 64;
  private static final byte[] EMPTY_LINE = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest digest;

  ChatText() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException notInThisJdk) {
      throw new IllegalStateException(notInThisJdk);
    }
  }

  /// What a copy says of itself.
  ///
  /// @param writer index of the phone that wrote it
  /// @param number its messages count from 0
  /// @param sent when it was due, by [System#nanoTime]
  record Said(int writer, long number, long sent) {}

  /// One message of `size` bytes.
  byte[] write(String from, String to, Said said, int size) {
    String head =
        "From: <%s>\r\nTo: <%s>\r\nDateTime: 2026-01-01T00:00:00Z\r\n".formatted(from, to)
            + "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: "
            + "00000000-0000-4000-%04x-%012x".formatted(said.writer(), said.number())
            + "\r\n\r\nContent-Type: text/plain;charset=UTF-8\r\n\r\n";
    String facts = " " + said.writer() + " " + said.number() + " " + said.sent() + " ";
    byte[] message = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), size);
    Arrays.fill(message, head.length(), size, (byte) '.');
    put(message, facts, head.length() + HASH);
    put(message, hash(message, 0, head.length(), size), head.length());
    return message;
  }

  /// Of everything but the hash itself, which begins at `text`.
  private String hash(byte[] message, int from, int text, int to) {
    digest.update(message, from, text - from);
    digest.update(message, text + HASH, to - text - HASH);
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void put(byte[] into, String text, int at) {
    System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, into, at, text.length());
  }

  /// Reads a copy.
  ///
  /// @throws IllegalStateException when it is not what was written
  Said read(byte[] cpim, int from, int to) {
    int headers = Frames.find(cpim, from, to, EMPTY_LINE);
    int part = headers < 0 ? -1 : Frames.find(cpim, headers + 4, to, EMPTY_LINE);
    int text = part + EMPTY_LINE.length;
    if (part < 0 || to - text <= HASH) {
      throw new IllegalStateException("a copy without its text");
    }
    String hash = new String(cpim, text, HASH, StandardCharsets.US_ASCII);
    if (!hash.equals(hash(cpim, from, text, to))) {
      throw new IllegalStateException("a copy whose bytes were changed");
    }
    int end = Math.min(to, text + HASH + 60);
    String[] facts =
        new String(cpim, text + HASH, end - text - HASH, StandardCharsets.US_ASCII).split(" ", 5);
    return new Said(Integer.parseInt(facts[1]), Long.parseLong(facts[2]), Long.parseLong(facts[3]));
  }
}
