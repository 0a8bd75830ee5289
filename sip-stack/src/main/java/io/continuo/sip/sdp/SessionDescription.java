package io.continuo.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A whole session description (RFC 8866 §5).
///
/// @param origin the `o=` line's value, kept as text: its numbers may be of any size
/// @param address of the session-level `c=` line
/// @param attributes session-level `a=` lines
/// @param media `m=` lines in order
public record SessionDescription(
    String origin,
    Optional<String> address,
    List<SdpAttribute> attributes,
    List<MediaDescription> media) {
  /// More lines than this are malformed; that bounds the attributes too.
  static final int MAX_LINES = 500;

  /// Characters of one line; more is malformed.
  static final int MAX_LINE = 4_096;

  /// Lines that begin with `m=`; more is malformed.
  static final int MAX_MEDIA = 32;

  /// Bytes of the whole; more is malformed. A SIP message is hardly larger.
  static final int MAX_BYTES = 65_535;

  public SessionDescription {
    attributes = List.copyOf(attributes);
    media = List.copyOf(media);
  }

  /// Reads UTF-8 text with CRLF or LF line ends.
  public static SessionDescription parse(byte[] text) throws MalformedSdp {
    if (text.length > MAX_BYTES) {
      throw new MalformedSdp(0, "at most " + MAX_BYTES + " bytes");
    }
    return new SdpParser(new String(text, StandardCharsets.UTF_8)).parse();
  }

  public Optional<String> attribute(String name) {
    return SdpAttribute.first(attributes, name);
  }

  /// The values of all session-level attributes of this name, in order.
  public List<String> attributes(String name) {
    return SdpAttribute.values(attributes, name);
  }
}
