package io.continuo.server.b2bua;

import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.ChannelKind;

/// What an operator sees of one leg of a [ChatSession]: a snapshot.
///
/// @param inbound whether the device invited us
/// @param multiClient whether the device has shown the mark on this leg
/// @param state `invited`, `ringing`, `offered` (its INVITE waits for our answer), `established`
///   (accepted, without a connection) or `ready` (messages flow)
public record LegView(
    DeviceId device, ChannelKind channel, boolean inbound, boolean multiClient, String state) {}
