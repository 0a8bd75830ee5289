package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The names of the headers that nearly every message has, so that no new text is made of them. A
/// name in another case than the usual one is read as any other, since it is kept as written.
enum HeaderNames {
  MESSAGE_ID(MsrpHeader.MESSAGE_ID),
  BYTE_RANGE(MsrpHeader.BYTE_RANGE),
  CONTENT_TYPE(MsrpHeader.CONTENT_TYPE),
  TO_PATH(Head.TO_PATH),
  FROM_PATH(Head.FROM_PATH),
  SUCCESS_REPORT(MsrpHeader.SUCCESS_REPORT),
  FAILURE_REPORT(MsrpHeader.FAILURE_REPORT),
  STATUS(MsrpHeader.STATUS);

  private static final List<HeaderNames> ALL = List.of(values());
  private static final int DELETE = 0x7f;

  private final String written;
  private final byte[] withColon;

  HeaderNames(String written) {
    this.written = written;
    this.withColon = (written + ":").getBytes(StandardCharsets.US_ASCII);
  }

  /// The name that the line begins with; empty when it begins with none.
  static String of(Line line) {
    for (int i = 0; i < ALL.size(); i++) {
      HeaderNames name = ALL.get(i);
      if (line.at(0) == name.withColon[0] && line.startsWith(name.withColon)) {
        return name.written;
      }
    }
    int colon = 0;
    while (colon < line.length() && line.at(colon) != ':') {
      if (line.at(colon) <= ' ') {
        return "";
      }
      colon++;
    }
    return colon < line.length() ? line.text(0, colon) : "";
  }
}
