package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.sip.sdp.MessageSdp;
import io.continuo.sip.sdp.MessageSdp.Direction;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.SdpReading;
import io.continuo.sip.sdp.SdpWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// [MsrpMedia] as SDP text, and back.
///
/// @param mark whether we say `a=multi-client`
/// @param random for the session id in `o=`
record MediaText(boolean mark, SecureRandom random) {
  static final String TYPE = "application/sdp";

  /// What our MSRP side speaks. `TCP/TLS/MSRP` is understood but gets 488.
  private static final Set<Protocol> SPOKEN = Set.of(Protocol.TCP_MSRP);

  /// 18 digits are the most that every SDP parser takes.
  private static final long MAX_SESSION_ID = 999_999_999_999_999_999L;

  static SdpReading read(byte[] sdp) {
    return SdpReading.of(sdp, SPOKEN);
  }

  /// @param unsaid the peer's role when it says none (RFC 4975 §5.4: the offerer connects)
  /// @param tagged whether the message's Supported has the option tag
  static MsrpMedia media(MessageSdp sdp, MsrpMedia.Setup unsaid, boolean tagged) {
    return new MsrpMedia(
        sdp.path(),
        sdp.setup().flatMap(MediaText::setup).orElse(unsaid),
        sdp.port(),
        sdp.acceptTypes(),
        sdp.acceptWrappedTypes(),
        sdp.maxSize().orElse(Long.MAX_VALUE),
        sdp.multiClient() || tagged);
  }

  byte[] offer(MsrpMedia ours) {
    return writer().offer(sdp(ours, Direction.SENDRECV));
  }

  byte[] answer(SdpReading.Usable offer, MsrpMedia ours) {
    return writer().answer(offer, sdp(ours, offer.message().direction().mirrored()));
  }

  private SdpWriter writer() {
    return new SdpWriter(random.nextLong(1, MAX_SESSION_ID));
  }

  private MessageSdp sdp(MsrpMedia ours, Direction direction) {
    return new MessageSdp(
        host(ours.path().getFirst()),
        ours.port(),
        Protocol.TCP_MSRP,
        ours.acceptTypes(),
        ours.acceptWrappedTypes(),
        ours.path(),
        Optional.of(setup(ours.setup())),
        false,
        ours.maxSize() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(ours.maxSize()),
        false,
        mark,
        direction,
        Optional.empty());
  }

  private static MessageSdp.Setup setup(MsrpMedia.Setup setup) {
    return switch (setup) {
      case ACTIVE -> MessageSdp.Setup.ACTIVE;
      case PASSIVE -> MessageSdp.Setup.PASSIVE;
      case ACTPASS -> MessageSdp.Setup.ACTPASS;
    };
  }

  private static Optional<MsrpMedia.Setup> setup(MessageSdp.Setup setup) {
    return switch (setup) {
      case ACTIVE -> Optional.of(MsrpMedia.Setup.ACTIVE);
      case PASSIVE -> Optional.of(MsrpMedia.Setup.PASSIVE);
      case ACTPASS -> Optional.of(MsrpMedia.Setup.ACTPASS);
      case HOLDCONN -> Optional.empty();
    };
  }

  private static String host(String msrpUri) {
    String host = URI.create(msrpUri.replaceFirst(";.*", "")).getHost();
    return host == null ? "0.0.0.0" : host.replaceAll("[\\[\\]]", "");
  }
}
