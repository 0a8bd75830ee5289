package io.continuo.server.b2bua;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.Optional;

/// An INVITE that we send to one device. It carries nothing of any other device.
///
/// @param device where to; Request-URI, Route and flow come from its routes
/// @param from who started the chat: From and P-Asserted-Identity
/// @param to the addressee: the invited subscriber; towards the initiator's own devices the one the
///   initiator addressed
/// @param focus our group's URI (Contact gets `isfocus`, RFC 4579 §4), empty for one-to-one
/// @param offer our MSRP offer
/// @param expires how long it may ring (Expires)
/// @param maxForwards how often it may be passed on: see [MaxForwards]
/// @param anonymous whether `from` is kept from the device and told to the core only (RFC 3323 §5)
public record Invitation(
    Device device,
    AddressOfRecord from,
    String to,
    Optional<String> focus,
    MsrpMedia offer,
    ConversationHeaders headers,
    Duration expires,
    int maxForwards,
    boolean anonymous) {

  /// One of our own that says who it is from.
  public Invitation(
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> focus,
      MsrpMedia offer,
      ConversationHeaders headers,
      Duration expires) {
    this(device, from, to, focus, offer, headers, expires, MaxForwards.OURS, false);
  }

  /// The same, without saying who it is from.
  public Invitation anonymously() {
    return new Invitation(device, from, to, focus, offer, headers, expires, maxForwards, true);
  }
}
