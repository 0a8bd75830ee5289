package io.continuo.device.msrp;

import io.continuo.device.message.Composing;
import io.continuo.device.message.Cpim;
import io.continuo.device.message.Imdn;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What an MSRP frame is called in a ladder.
public final class MsrpLabel {
  /// Characters of a text that are shown.
  static final int MAX_TEXT = 24;

  private MsrpLabel() {}

  static String of(MsrpFrame frame) {
    boolean barrier = frame.transaction().startsWith(MsrpFrames.BARRIER);
    return switch (frame) {
      case MsrpFrame.Response response when barrier -> response.status() + " (barrier)";
      case MsrpFrame.Request request when barrier -> request.method() + " (barrier)";
      case MsrpFrame.Response response -> response.status() + " (MSRP)";
      case MsrpFrame.Request request when !request.method().equals("SEND") -> request.method();
      case MsrpFrame.Request request ->
          request.body().map(body -> "SEND " + content(request, body)).orElse("SEND (bodiless)");
    };
  }

  private static String content(MsrpFrame.Request request, byte[] body) {
    String range = request.header("Byte-Range").orElse("");
    boolean whole = request.flag() == '$' && (range.isEmpty() || range.startsWith("1-"));
    return whole
        ? content(request.header("Content-Type").orElse(""), body)
        : "chunk " + range + " " + request.flag();
  }

  /// What a body says, in a few characters.
  public static String content(String contentType, byte[] body) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith(Cpim.TYPE)) {
      Cpim cpim = Cpim.parse(body);
      return content(cpim.part().contentType(), cpim.part().content());
    }
    if (Composing.isType(type)) {
      return Composing.parse(body).active() ? "composing" : "not composing";
    }
    if (Imdn.isType(type)) {
      return "IMDN " + disposition(body);
    }
    if (type.startsWith("text/") || type.isEmpty()) {
      return quoted(new String(body, StandardCharsets.UTF_8));
    }
    return contentType;
  }

  private static String disposition(byte[] body) {
    try {
      return Imdn.parse(body).disposition();
    } catch (IllegalArgumentException unreadable) {
      return "unreadable IMDN";
    }
  }

  private static String quoted(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    int shown = Math.min(line.codePointCount(0, line.length()), MAX_TEXT);
    int cut = line.offsetByCodePoints(0, shown);
    return "\"" + line.substring(0, cut) + (cut < line.length() ? "…" : "") + "\"";
  }
}
