package io.continuo.server.runtime;

import io.continuo.server.b2bua.LegView;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an operator sees of one conversation that is awake: a snapshot.
///
/// @param live whether a device is present in its session
/// @param legs of its session, in the order in which they came
/// @param lag entries that the cursor of each device is behind what it may see
public record ConversationView(
    ConversationId id,
    boolean group,
    boolean live,
    Set<AddressOfRecord> participants,
    List<LegView> legs,
    Map<DeviceId, Long> lag) {
  public ConversationView {
    participants = Set.copyOf(participants);
    legs = List.copyOf(legs);
    lag = Map.copyOf(lag);
  }
}
