package io.continuo.server.conversation;

import io.continuo.server.identity.LegId;

/// Port: one device on one leg, whatever it speaks. MSRP sessions and pager MESSAGE implement it
/// now; XMPP, SMS, web and voice come through the same port. Calls come from the conversation's
/// loop and return at once; what happens is posted back to that loop.
public interface Channel {
  LegId leg();

  /// Brings the device into the chat (an INVITE, say). A channel that needs none is ready at once.
  void invite();

  /// Delivers one entry; the outcome is posted back, in order of calls.
  void deliver(ConversationEffect.Deliver delivery);

  /// Sends something once, best effort, when the device takes that type.
  void relay(ConversationEffect.Relay relay);

  /// Ends the leg.
  void close(Closing why);

  /// Why a leg is ended by us.
  enum Closing {
    /// The chat session ended for everybody.
    SESSION_ENDED,
    /// The subscriber left, on another device.
    USER_LEFT,
    /// A newer leg of the same device took its place.
    REPLACED,
    /// It did not answer, or its connection did not come back, in time.
    TIMED_OUT,
    /// The group is closed for good.
    GROUP_CLOSED,
    /// The server stops.
    SERVER_STOPPING
  }
}
