package io.continuo.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes our side of a chat. Only lines that every client knows, in the order of RFC 8866 §5.
///
/// @param sessionId the numeric id in `o=`, at most 18 digits
/// @param version of what we say in this session: raised by one when it changes, and only then (RFC
///   3264 §8)
public record SdpWriter(long sessionId, long version) {

  public byte[] offer(MessageSdp ours) {
    StringBuilder text = start(ours);
    mediaLine(text, ours);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// An answer has as many m-lines as the offer, in the same order; those that are not the chat are
  /// refused with port 0 (RFC 3264 §6).
  public byte[] answer(SdpReading.Usable offer, MessageSdp ours) {
    StringBuilder text = start(ours);
    List<MediaDescription> lines = offer.session().media();
    for (int i = 0; i < lines.size(); i++) {
      if (i == offer.index()) {
        mediaLine(text, ours);
      } else {
        MediaDescription other = lines.get(i);
        line(text, "m=" + other.media() + " 0 " + other.protocol() + " " + other.formats());
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private StringBuilder start(MessageSdp ours) {
    String address = (ours.address().contains(":") ? "IN IP6 " : "IN IP4 ") + ours.address();
    StringBuilder text = new StringBuilder(512);
    line(text, "v=0");
    line(text, "o=- " + sessionId + " " + version + " " + address);
    line(text, "s=-");
    line(text, "c=" + address);
    line(text, "t=0 0");
    return text;
  }

  private static void mediaLine(StringBuilder text, MessageSdp ours) {
    line(text, "m=message " + ours.port() + " " + ours.protocol().text() + " *");
    line(text, "a=accept-types:" + String.join(" ", ours.acceptTypes()));
    if (!ours.acceptWrappedTypes().isEmpty()) {
      line(text, "a=accept-wrapped-types:" + String.join(" ", ours.acceptWrappedTypes()));
    }
    ours.setup().ifPresent(setup -> line(text, "a=setup:" + setup.text()));
    line(text, "a=path:" + String.join(" ", ours.path()));
    ours.maxSize().ifPresent(size -> line(text, "a=max-size:" + size));
    ours.fingerprints().forEach(fingerprint -> line(text, "a=fingerprint:" + fingerprint));
    if (ours.newConnection()) {
      line(text, "a=connection:new");
    }
    if (ours.cema()) {
      line(text, "a=msrp-cema");
    }
    if (ours.multiClient()) {
      line(text, "a=multi-client");
    }
    line(text, "a=" + ours.direction().text());
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append("\r\n");
  }
}
