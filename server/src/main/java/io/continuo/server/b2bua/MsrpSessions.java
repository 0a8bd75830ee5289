package io.continuo.server.b2bua;

import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.util.Optional;

/// Port: the MSRP side of legs. Called on conversation loops; returns at once; what happens is told
/// to [MsrpEvents].
public interface MsrpSessions {
  /// Our end of a leg to a device that we invite: over what we offer it MSRP is the MSRP side's
  /// policy (`msrp.offer`).
  MsrpEnd offer(LegId leg, Device device);

  /// Our end of a leg that a device offers: over what it offers.
  MsrpEnd answer(LegId leg, Device device, MsrpMedia offer);

  /// Awaits a connection for this leg from now on: called before our offer or answer leaves, since
  /// the peer may connect before its 200 or ACK reaches us.
  ///
  /// @param ours what we offer or answer
  void expect(LegId leg, MsrpMedia ours);

  /// The peer's side is known.
  ///
  /// @param subscriber whose device it is: how often we connect is limited for each
  /// @param connect whether we connect (we are active); else the peer does
  /// @param signalledFrom the IP address that the peer's signalling came from, when it came
  ///   straight from the device; what we may connect to and who may bind is checked against it
  void start(
      LegId leg,
      AddressOfRecord subscriber,
      MsrpMedia peer,
      boolean connect,
      Optional<String> signalledFrom);

  /// Sends one message in chunks; told to [MsrpEvents#answered] once, in order of calls for a leg.
  void send(ConversationEffect.Deliver delivery);

  /// Sends one message and forgets it.
  void relay(ConversationEffect.Relay relay);

  /// Sends a bodiless SEND (`Byte-Range: 1-0/0`), as figure 3 has it on every leg, unless it was
  /// one of ours that bound the leg; its answer is not awaited.
  void bind(LegId leg);

  /// Ends the session; a connection without sessions is closed once what was written has gone out.
  void close(LegId leg);
}
