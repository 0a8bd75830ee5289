package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpHeader;
import java.nio.charset.StandardCharsets;

/// The header names that nearly every message has, so that no new text is made of them. A name in
/// another case than the usual one is read as any other name, since it is kept as written.
final class HeaderNames {
  private static final byte[] TO_PATH = bytes("To-Path");
  private static final byte[] FROM_PATH = bytes("From-Path");
  private static final byte[] MESSAGE_ID = bytes(MsrpHeader.MESSAGE_ID);
  private static final byte[] BYTE_RANGE = bytes(MsrpHeader.BYTE_RANGE);
  private static final byte[] CONTENT_TYPE = bytes(MsrpHeader.CONTENT_TYPE);
  private static final byte[] SUCCESS_REPORT = bytes(MsrpHeader.SUCCESS_REPORT);
  private static final byte[] FAILURE_REPORT = bytes(MsrpHeader.FAILURE_REPORT);
  private static final byte[] STATUS = bytes(MsrpHeader.STATUS);

  private HeaderNames() {}

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /// The name that the line begins with.
  static String of(Line line, int length) {
    byte first = line.at(0);
    return switch (length) {
      case 6 -> known(line, length, STATUS, MsrpHeader.STATUS);
      case 7 -> known(line, length, TO_PATH, Head.TO_PATH);
      case 9 -> known(line, length, FROM_PATH, Head.FROM_PATH);
      case 10 ->
          first == 'M'
              ? known(line, length, MESSAGE_ID, MsrpHeader.MESSAGE_ID)
              : known(line, length, BYTE_RANGE, MsrpHeader.BYTE_RANGE);
      case 12 -> known(line, length, CONTENT_TYPE, MsrpHeader.CONTENT_TYPE);
      case 14 ->
          first == 'S'
              ? known(line, length, SUCCESS_REPORT, MsrpHeader.SUCCESS_REPORT)
              : known(line, length, FAILURE_REPORT, MsrpHeader.FAILURE_REPORT);
      default -> line.text(0, length);
    };
  }

  private static String known(Line line, int length, byte[] candidate, String name) {
    return line.equals(0, length, candidate) ? name : line.text(0, length);
  }
}
