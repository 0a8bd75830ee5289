package io.continuo.server.b2bua;

import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.conversation.LegProfile;
import java.util.List;

/// What we offer and answer for MSRP, and what follows from a peer's side (RFC 4975 §8, RFC 6135
/// §4).
public record MediaTerms(long maxMessage, boolean sdpMark, int window) {
  /// Our `accept-types`: what a device may send us bare (RFC 4975 §8.6).
  public static final List<String> ACCEPT_TYPES =
      List.of("message/cpim", "text/plain", "application/im-iscomposing+xml", "message/imdn+xml");

  private static final List<String> ACCEPT_WRAPPED_TYPES = List.of("*");

  /// Our offer to a device we invite: it may choose who connects, unless only it can: from a
  /// WebSocket (RFC 7977), or as it turned out.
  public MsrpMedia offer(MsrpEnd end) {
    boolean webSocket = MsrpMedia.isWebSocket(end.path().getFirst());
    return media(end, webSocket || end.peerConnects() ? Setup.PASSIVE : Setup.ACTPASS);
  }

  /// Our answer to an inviter: we wait, unless it must be the one that waits, or wants no
  /// connection yet (RFC 4145 §4.1).
  public MsrpMedia answer(MsrpMedia offer, MsrpEnd end) {
    if (offer.setup() == Setup.HOLDCONN) {
      return media(end, Setup.HOLDCONN);
    }
    boolean connect = offer.setup() == Setup.PASSIVE && !offer.overWebSocket();
    return media(end, connect ? Setup.ACTIVE : Setup.PASSIVE);
  }

  /// Whether we connect, after a device answered our offer.
  public static boolean weConnectAfter(MsrpMedia answer) {
    return switch (answer.setup()) {
      case PASSIVE, ACTPASS -> !answer.overWebSocket();
      case ACTIVE, HOLDCONN -> false;
    };
  }

  /// How messages are delivered to a peer that described itself so.
  public LegProfile profile(MsrpMedia peer) {
    return new LegProfile(
        peer.acceptTypes(), peer.acceptWrappedTypes(), peer.maxSize(), window, peer.receives());
  }

  private MsrpMedia media(MsrpEnd end, Setup setup) {
    return new MsrpMedia(
        end.path(),
        setup,
        MsrpMedia.portOf(end.path(), setup),
        ACCEPT_TYPES,
        ACCEPT_WRAPPED_TYPES,
        maxMessage,
        sdpMark,
        end.carriage());
  }
}
