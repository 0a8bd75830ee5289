package io.continuo.server.b2bua;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.util.Locale;

/// One device's leg as the session sees it. Immutable: a step makes a new one.
///
/// @param inbound whether the device invited us
/// @param multiClient whether the device has shown the mark on this leg
record Leg(
    LegId id,
    Device device,
    ChannelKind channel,
    boolean inbound,
    State state,
    boolean multiClient) {

  /// The states of a leg, in the order they are passed.
  enum State {
    /// Our INVITE is out, nothing came back.
    INVITED,
    /// Our INVITE rings.
    RINGING,
    /// Its INVITE waits for our answer.
    OFFERED,
    /// Accepted, but without a connection (not yet, or not any more).
    ESTABLISHED,
    /// Messages flow.
    READY
  }

  AddressOfRecord owner() {
    return device.id().owner();
  }

  boolean belongsTo(AddressOfRecord subscriber) {
    return owner().equals(subscriber);
  }

  /// Whether our INVITE is still unanswered.
  boolean isPending() {
    return state == State.INVITED || state == State.RINGING;
  }

  /// Whether its INVITE waits for our answer.
  boolean isOffered() {
    return state == State.OFFERED;
  }

  /// Whether messages flow.
  boolean isReady() {
    return state == State.READY;
  }

  /// Whether the device said yes, to us or by inviting.
  boolean isPresent() {
    return !isPending();
  }

  boolean isSession() {
    return channel == ChannelKind.SESSION;
  }

  LegView view() {
    String passed = state.name().toLowerCase(Locale.ROOT);
    return new LegView(device.id(), channel, inbound, multiClient, passed);
  }

  Leg in(State next) {
    return new Leg(id, device, channel, inbound, next, multiClient);
  }

  Leg marked(boolean shown) {
    return new Leg(id, device, channel, inbound, state, shown);
  }
}
