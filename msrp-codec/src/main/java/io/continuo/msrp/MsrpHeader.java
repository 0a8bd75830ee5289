package io.continuo.msrp;

/// A header other than To-Path and From-Path, MIME headers of the body included (RFC 4975 §9).
///
/// @param name as written; compared without regard to case
/// @param value without the white space around it. Whatever has a line end or another control
///   character than a tab is an [IllegalArgumentException]: it could pass for another header
public record MsrpHeader(String name, String value) {
  public static final String MESSAGE_ID = "Message-ID";
  public static final String BYTE_RANGE = "Byte-Range";
  public static final String SUCCESS_REPORT = "Success-Report";
  public static final String FAILURE_REPORT = "Failure-Report";
  public static final String STATUS = "Status";
  public static final String CONTENT_TYPE = "Content-Type";

  public MsrpHeader {
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a header: " + name);
    }
    if (!isValue(value)) {
      throw new IllegalArgumentException("not the value of a header: " + name);
    }
  }

  /// Whether a header may be called so: one character at least, neither space, control character
  /// nor colon.
  public static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == ':' || c == DELETE) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Whether a header may have this value: no control character but the tab.
  public static boolean isValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' && c != '\t' || c == DELETE) {
        return false;
      }
    }
    return true;
  }

  private static final char DELETE = 0x7f;
}
