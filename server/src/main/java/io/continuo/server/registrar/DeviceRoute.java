package io.continuo.server.registrar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One way to reach a device: its Contact, over a flow or a Path when there is one.
///
/// @param contact the Contact URI, without brackets and header parameters: the Request-URI on this
///   route
/// @param path Path header values, topmost first (RFC 3327 §5); become Route header values
/// @param flow the flow the registration came over, as `io.continuo.sip.Flow` writes itself; empty
///   when there is none to re-use (third-party, provisioned)
/// @param regId `reg-id` (RFC 5626 §4.2), 0 when absent
/// @param features Contact header parameters in lower case (feature tags, RFC 3840 §9), values
///   without quotes, without `expires`, `q`, `reg-id` and `+sip.instance`
/// @param expires when this route ends unless refreshed
public record DeviceRoute(
    String contact,
    List<String> path,
    Optional<String> flow,
    int regId,
    Map<String, String> features,
    Instant expires) {
  public DeviceRoute {
    path = List.copyOf(path);
    features = Map.copyOf(features);
  }
}
