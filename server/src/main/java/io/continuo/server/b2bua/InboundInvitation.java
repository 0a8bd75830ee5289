package io.continuo.server.b2bua;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An INVITE that a device sent us, screened, authenticated and with a valid offer or none.
///
/// @param leg minted by the SIP side
/// @param device the inviting device; its owner is the originator
/// @param signalledFrom the IP address that its signalling comes from, when no proxy is between
/// @param toWhom whom it wants
/// @param offer its MSRP offer; empty when it wants ours (RFC 3261 §13.2.1): its answer comes with
///   its ACK
/// @param multiClient whether it shows the multi-client mark
/// @param firstMessage a message inside the INVITE (`multipart/mixed`)
/// @param maxForwards what it says, at least 1: see [MaxForwards]
/// @param anonymous whether other subscribers must not learn who it is from (RFC 3323 §4.2)
public record InboundInvitation(
    LegId leg,
    Device device,
    Optional<String> signalledFrom,
    ToWhom toWhom,
    Optional<MsrpMedia> offer,
    boolean multiClient,
    Optional<FirstMessage> firstMessage,
    ConversationHeaders headers,
    Duration expires,
    int maxForwards,
    boolean anonymous) {

  /// The same with the ids that the chat has.
  public InboundInvitation named(ConversationHeaders headers) {
    return new InboundInvitation(
        leg,
        device,
        signalledFrom,
        toWhom,
        offer,
        multiClient,
        firstMessage,
        headers,
        expires,
        maxForwards,
        anonymous);
  }

  /// The only device of its owner that is to be invited.
  public Optional<DeviceId> onlyDevice() {
    return toWhom instanceof ToWhom.One one ? one.device() : Optional.empty();
  }

  /// Whom an INVITE addresses.
  public sealed interface ToWhom {
    /// Another subscriber, by primary address.
    ///
    /// @param device the only one of its devices that is to be invited, when it was addressed by
    ///   its GRUU (RFC 5627)
    record One(AddressOfRecord subscriber, Optional<DeviceId> device) implements ToWhom {
      /// With every device.
      public One(AddressOfRecord subscriber) {
        this(subscriber, Optional.empty());
      }
    }

    /// The conference factory with a recipient-list (RFC 5366 §4): primary addresses, without the
    /// originator.
    record Listed(List<AddressOfRecord> subscribers) implements ToWhom {
      public Listed {
        subscribers = List.copyOf(subscribers);
      }
    }

    /// A group that exists, by its focus URI's user part: the sender rejoins.
    record Focus(String focus) implements ToWhom {}
  }

  /// A message inside an INVITE.
  public record FirstMessage(String contentType, byte[] body) {}
}
