package io.continuo.server.b2bua;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Reply;
import io.continuo.server.identity.LegId;

/// Port: what happened over MSRP. Called on the connection's event loop, in order for one leg;
/// returns at once.
public interface MsrpEvents {
  /// The leg has a connection: the peer's first SEND named it (and is answered by the MSRP side),
  /// or our bodiless SEND on a connection that we made was answered.
  void bound(LegId leg);

  /// A bodiless SEND on a bound leg; its 200 waits for `reply`.
  void probed(LegId leg, Reply reply);

  /// A whole message. `reply` becomes the answer to its last chunk, as Failure-Report allows, and
  /// the success report when one was asked for; a staged body that it refuses goes back to the
  /// caller.
  void received(LegId leg, String messageId, String contentType, Body body, Reply reply);

  /// What became of a delivery.
  void answered(LegId leg, long sequence, DeliveryOutcome outcome);

  /// The leg has no connection any more, or could not get one. It may be bound again.
  void unbound(LegId leg, String reason);

  /// The leg's connection was ours to make and we do not make it, so there will be none.
  ///
  /// @param peerConnectsNext whether the device is offered next time that it connects, so that
  ///   another invitation may do better at once
  void notDialled(LegId leg, boolean peerConnectsNext, String reason);
}
