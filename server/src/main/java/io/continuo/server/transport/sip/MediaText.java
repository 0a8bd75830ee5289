package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.sip.sdp.MessageSdp;
import io.continuo.sip.sdp.MessageSdp.Direction;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.SdpReading;
import io.continuo.sip.sdp.SdpWriter;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// [MsrpMedia] as SDP text, and back (RFC 3264, RFC 4975 §8).
///
/// @param mark whether we say `a=multi-client`
/// @param random for the session id in `o=`
/// @param policy which lines are taken
record MediaText(boolean mark, SecureRandom random, SdpReading.Policy policy) {
  static final String TYPE = "application/sdp";

  /// 18 digits are the most that every SDP parser takes.
  private static final long MAX_SESSION_ID = 999_999_999_999_999_999L;

  /// What we said last in one dialog.
  ///
  /// @param id and version of our `o=` line
  /// @param media what the text says
  record Said(long id, long version, MsrpMedia media, byte[] text) {}

  /// An offer, or anything else that may choose among what we speak.
  SdpReading read(byte[] sdp) {
    return SdpReading.of(sdp, policy);
  }

  /// An answer to our offer speaks the same transport (RFC 3264 §6).
  static SdpReading readAnswer(byte[] sdp, MsrpMedia offered) {
    Protocol protocol = protocol(offered);
    return SdpReading.of(
        sdp,
        line ->
            line.protocol() == protocol && isWebSocket(line) == offered.overWebSocket()
                ? Optional.empty()
                : Optional.of("answer of another transport"));
  }

  /// @param unsaid the peer's role when it says none (RFC 4975 §5.4: the offerer connects)
  /// @param tagged whether the message's Supported has the option tag
  static MsrpMedia media(MessageSdp sdp, Setup unsaid, boolean tagged) {
    return new MsrpMedia(
        sdp.path(),
        sdp.setup().map(MediaText::setup).orElse(unsaid),
        sdp.port(),
        sdp.acceptTypes(),
        sdp.acceptWrappedTypes(),
        sdp.maxSize().orElse(Long.MAX_VALUE),
        sdp.multiClient() || tagged,
        new MsrpMedia.Carriage(
            sdp.protocol() == Protocol.TCP_TLS_MSRP, sdp.address(), sdp.cema(), fingerprints(sdp)),
        receives(sdp));
  }

  /// Whether who says this may be sent messages.
  static boolean receives(MessageSdp sdp) {
    return switch (sdp.direction()) {
      case SENDRECV, RECVONLY -> true;
      case SENDONLY, INACTIVE -> false;
    };
  }

  static List<Fingerprint> fingerprints(MessageSdp sdp) {
    return sdp.fingerprints().stream().flatMap(text -> Fingerprint.parse(text).stream()).toList();
  }

  static boolean isWebSocket(MessageSdp sdp) {
    return media(sdp, Setup.ACTPASS, false).overWebSocket();
  }

  Said offer(MsrpMedia ours) {
    long id = random.nextLong(1, MAX_SESSION_ID);
    return new Said(id, 1, ours, new SdpWriter(id, 1).offer(sdp(ours, Direction.SENDRECV)));
  }

  Said answer(SdpReading.Usable offer, MsrpMedia ours) {
    return answer(random.nextLong(1, MAX_SESSION_ID), 1, offer, ours);
  }

  /// The answer to an offer inside the dialog. What was agreed stays, so the connection does too:
  /// the version is raised when another text comes of it (a line more, a hold), else it is the same
  /// (RFC 3264 §8).
  Said answerAgain(Said last, SdpReading.Usable offer) {
    MsrpMedia ours = last.media().as(role(offer.message(), last.media()));
    Said same = answer(last.id(), last.version(), offer, ours);
    return Arrays.equals(same.text(), last.text())
        ? same
        : answer(last.id(), last.version() + 1, offer, ours);
  }

  /// Whether an offer inside the dialog keeps the connection. A device that moves comes by a new
  /// INVITE.
  static boolean keeps(MsrpMedia peer, MessageSdp offer) {
    MsrpMedia again = media(offer, peer.setup(), false);
    return again.path().equals(peer.path())
        && again.carriage().secure() == peer.carriage().secure()
        && again.carriage().fingerprints().equals(peer.carriage().fingerprints());
  }

  private static Setup role(MessageSdp offer, MsrpMedia ours) {
    return switch (offer.setup().map(MediaText::setup).orElse(Setup.ACTPASS)) {
      case ACTIVE -> Setup.PASSIVE;
      case PASSIVE -> Setup.ACTIVE;
      case ACTPASS -> ours.setup() == Setup.ACTIVE ? Setup.ACTIVE : Setup.PASSIVE;
      case HOLDCONN -> Setup.HOLDCONN;
    };
  }

  /// An offer of ours inside the dialog, for a device that asks for one (RFC 3261 §14.2): the lines
  /// there are, our role as it is, and both directions, whatever the device's own hold made of them
  /// (RFC 6337 §5.3). The version is as in [#answerAgain].
  Said offerAgain(Said last) {
    MsrpMedia ours =
        last.media().setup() == Setup.HOLDCONN ? last.media().as(Setup.ACTPASS) : last.media();
    if (!(SdpReading.of(last.text(), line -> Optional.empty())
        instanceof SdpReading.Usable lines)) {
      throw new IllegalStateException("our own SDP cannot be read");
    }
    byte[] same = offer(last.id(), last.version(), lines, ours);
    return Arrays.equals(same, last.text())
        ? new Said(last.id(), last.version(), ours, same)
        : new Said(
            last.id(), last.version() + 1, ours, offer(last.id(), last.version() + 1, lines, ours));
  }

  private byte[] offer(long id, long version, SdpReading.Usable lines, MsrpMedia ours) {
    return new SdpWriter(id, version).answer(lines, sdp(ours, Direction.SENDRECV));
  }

  /// What we said in an offer, in the role that its answer left us.
  static Said answered(Said offer, MsrpMedia answer) {
    Setup role =
        switch (answer.setup()) {
          case HOLDCONN -> Setup.HOLDCONN;
          case ACTIVE, PASSIVE, ACTPASS ->
              MediaTerms.weConnectAfter(answer) ? Setup.ACTIVE : Setup.PASSIVE;
        };
    return new Said(offer.id(), offer.version(), offer.media().as(role), offer.text());
  }

  private Said answer(long id, long version, SdpReading.Usable offer, MsrpMedia ours) {
    Direction direction = offer.message().direction().mirrored();
    byte[] text = new SdpWriter(id, version).answer(offer, sdp(ours, direction));
    return new Said(id, version, ours, text);
  }

  private MessageSdp sdp(MsrpMedia ours, Direction direction) {
    MsrpMedia.Carriage carriage = ours.carriage();
    return new MessageSdp(
        carriage.address().isEmpty() ? host(ours.path().getFirst()) : carriage.address(),
        ours.port(),
        protocol(ours),
        ours.acceptTypes(),
        ours.acceptWrappedTypes(),
        ours.path(),
        Optional.of(setup(ours.setup())),
        false,
        ours.maxSize() == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(ours.maxSize()),
        carriage.cema(),
        mark,
        direction,
        carriage.fingerprints().stream().map(Fingerprint::toString).toList());
  }

  private static String host(String msrpUri) {
    int parameters = msrpUri.indexOf(';');
    String host = URI.create(parameters < 0 ? msrpUri : msrpUri.substring(0, parameters)).getHost();
    return host == null ? "0.0.0.0" : host.replace("[", "").replace("]", "");
  }

  private static Protocol protocol(MsrpMedia media) {
    return media.carriage().secure() ? Protocol.TCP_TLS_MSRP : Protocol.TCP_MSRP;
  }

  private static MessageSdp.Setup setup(Setup setup) {
    return switch (setup) {
      case ACTIVE -> MessageSdp.Setup.ACTIVE;
      case PASSIVE -> MessageSdp.Setup.PASSIVE;
      case ACTPASS -> MessageSdp.Setup.ACTPASS;
      case HOLDCONN -> MessageSdp.Setup.HOLDCONN;
    };
  }

  private static Setup setup(MessageSdp.Setup setup) {
    return switch (setup) {
      case ACTIVE -> Setup.ACTIVE;
      case PASSIVE -> Setup.PASSIVE;
      case ACTPASS -> Setup.ACTPASS;
      case HOLDCONN -> Setup.HOLDCONN;
    };
  }
}
