package io.continuo.server.b2bua;

import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import java.util.List;
import java.util.Optional;

/// Port: the MSRP side of legs. Called on conversation loops; returns at once; what happens is told
/// to [MsrpEvents].
public interface MsrpSessions {
  /// Our path for a leg, for the SDP: one `msrp://host:port/session-id;tcp` URI whose session id is
  /// the leg's value.
  List<String> path(LegId leg);

  /// Awaits a connection for this leg from now on: called before our offer or answer leaves, since
  /// the peer may connect before its 200 or ACK reaches us.
  void expect(LegId leg);

  /// The peer's side is known.
  ///
  /// @param subscriber whose device it is: how often we connect is limited for each
  /// @param peerPath the peer's `a=path`
  /// @param connect whether we connect (we are active); else the peer does
  /// @param signalledFrom the IP address that the peer's signalling came from, when it came
  ///   straight from the device; what we may connect to and who may bind is checked against it
  void start(
      LegId leg,
      AddressOfRecord subscriber,
      List<String> peerPath,
      boolean connect,
      Optional<String> signalledFrom);

  /// Sends one message in chunks; told to [MsrpEvents#answered] once, in order of calls for a leg.
  void send(ConversationEffect.Deliver delivery);

  /// Sends one message and forgets it.
  void relay(ConversationEffect.Relay relay);

  /// Sends a bodiless SEND (`Byte-Range: 1-0/0`), as figure 3 has it on every leg; its answer is
  /// not awaited.
  void bind(LegId leg);

  /// Ends the session; a connection without sessions is closed once what was written has gone out.
  void close(LegId leg);
}
