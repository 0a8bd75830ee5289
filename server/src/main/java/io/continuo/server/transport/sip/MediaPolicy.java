package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.sip.sdp.MessageSdp;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.SdpReading;
import java.util.List;
import java.util.Optional;

/// Which `m=message` lines we take (`msrp.transports`, `msrp.require-tls`,
/// `msrp.fingerprint-hashes`). Reasons are fixed phrases: 488 and its log line say them.
///
/// Immutable; any thread.
record MediaPolicy(MsrpTransportSettings settings) implements SdpReading.Policy {

  @Override
  public Optional<String> whyNot(MessageSdp line) {
    boolean secure = line.protocol() == Protocol.TCP_TLS_MSRP;
    if (settings.requireTls() && !secure) {
      return Optional.of("TLS is required");
    }
    if (!settings.speaks(transport(secure, MediaText.isWebSocket(line)))) {
      return Optional.of(SdpReading.UNKNOWN_TRANSPORT);
    }
    return secure && !isVerifiable(line)
        ? Optional.of("no fingerprint of an accepted hash function")
        : Optional.empty();
  }

  private static String transport(boolean secure, boolean webSocket) {
    if (webSocket) {
      return secure ? MsrpTransportSettings.WSS : MsrpTransportSettings.WS;
    }
    return secure ? MsrpTransportSettings.TLS : MsrpTransportSettings.TCP;
  }

  /// Without any fingerprint the certificate is verified by its authority.
  private boolean isVerifiable(MessageSdp line) {
    List<Fingerprint> known = MediaText.fingerprints(line);
    return line.fingerprints().isEmpty()
        || !Fingerprint.strongest(known, settings.fingerprintHashes()).isEmpty();
  }
}
