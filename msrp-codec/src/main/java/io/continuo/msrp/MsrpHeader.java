package io.continuo.msrp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A header other than To-Path and From-Path, MIME headers of the body included (RFC 4975 §9).
/// Immutable; any thread. Its bytes are made when it is first written and kept for the next time,
/// since the same header goes to many receivers.
public final class MsrpHeader {
  /// The same in all chunks of a message (RFC 4975 §7.1.1).
  public static final String MESSAGE_ID = "Message-ID";

  /// See [ByteRange].
  public static final String BYTE_RANGE = "Byte-Range";

  /// `yes` or `no`, which is meant when it is missing (RFC 4975 §7.1.1).
  public static final String SUCCESS_REPORT = "Success-Report";

  /// `yes`, which is meant when it is missing, `partial` or `no` (RFC 4975 §7.1.1).
  public static final String FAILURE_REPORT = "Failure-Report";

  /// Of a REPORT, see [ReportStatus].
  public static final String STATUS = "Status";

  /// The last header before a body (RFC 4975 §9).
  public static final String CONTENT_TYPE = "Content-Type";

  private static final char DELETE = 0x7f;

  private final String name;
  private final String value;
  private volatile byte @Nullable [] line;

  /// A header to write.
  ///
  /// @param name as written; compared without regard to case when it is looked for
  /// @param value without white space around it, possibly empty
  /// @throws IllegalArgumentException when the name has a space, a colon or a control character, or
  ///   the value a control character other than the tab: it could pass for another header
  public MsrpHeader(String name, String value) {
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a header: " + name);
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException("not the value of a header: " + name);
    }
    this.name = name;
    this.value = value;
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == ':' || c == DELETE) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Whether there is no control character but the tab.
  static boolean isValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\t' || c == DELETE) {
        return false;
      }
    }
    return true;
  }

  /// As written.
  public String name() {
    return name;
  }

  /// Without the white space around it.
  public String value() {
    return value;
  }

  /// Bytes that it takes on the wire, CRLF included.
  public int size() {
    return line().length;
  }

  /// Copies it as it stands on the wire, exactly one space behind the colon and CRLF included;
  /// returns the place behind it.
  public int copyTo(byte[] target, int at) {
    byte[] bytes = line();
    System.arraycopy(bytes, 0, target, at, bytes.length);
    return at + bytes.length;
  }

  private byte[] line() {
    byte[] made = line;
    if (made == null) {
      made = (name + ": " + value + "\r\n").getBytes(StandardCharsets.UTF_8);
      line = made;
    }
    return made;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MsrpHeader that && name.equals(that.name) && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + value.hashCode();
  }

  /// For people; see [#copyTo] for the wire.
  @Override
  public String toString() {
    return name + ": " + value;
  }
}
