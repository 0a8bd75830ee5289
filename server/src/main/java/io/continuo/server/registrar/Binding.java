package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One Contact bound to a subscriber (RFC 3261 §10).
///
/// @param device whose it is
/// @param source who told of it
/// @param contact the Contact URI as registered
/// @param parameters Contact header parameters as registered, without `expires`
/// @param callId of the REGISTER that wrote it last
/// @param cseq of the REGISTER that wrote it last
/// @param path Path header values, topmost first
/// @param flow over which it came; never stored, for it names a connection of this process
/// @param since when it was first bound
/// @param updated when it was last registered
/// @param expires when it ends unless refreshed
public record Binding(
    DeviceId device,
    DeviceSource source,
    String contact,
    Map<String, String> parameters,
    String callId,
    long cseq,
    List<String> path,
    Optional<String> flow,
    Instant since,
    Instant updated,
    Instant expires) {
  public Binding {
    parameters = Map.copyOf(parameters);
    path = List.copyOf(path);
  }

  /// What names it among the bindings of its subscriber that came from the same source: instance
  /// and `reg-id` (RFC 5626 §6), else the Contact URI.
  public String name() {
    return regId() == 0 ? contact : device.instance() + ";reg-id=" + regId();
  }

  /// RFC 5626 §4.2; 0 when it names no flow.
  public int regId() {
    return ContactFeatures.regId(parameters);
  }

  boolean liveAt(Instant now) {
    return expires.isAfter(now);
  }

  boolean sameRouteAs(Binding other) {
    return contact.equals(other.contact) && path.equals(other.path) && flow.equals(other.flow);
  }
}
