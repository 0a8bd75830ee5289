package io.continuo.server.transport.sip;

import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import java.util.List;
import java.util.Optional;

/// One way to get a request to a device.
///
/// @param uri the Request-URI
/// @param routes values of Route, the nearest first
/// @param acceptContact picks the device when the Request-URI names all of its subscriber's (RFC
///   3841 §7)
/// @param toCore whether it leads into the core, which is trusted with identities (RFC 3325 §6)
record Way(
    String uri,
    List<String> routes,
    Optional<String> acceptContact,
    NextHop nextHop,
    boolean toCore) {

  Way {
    routes = List.copyOf(routes);
  }

  /// The device's own, where it is reached over one.
  Optional<Flow> flow() {
    return nextHop instanceof NextHop.OverFlow(Flow flow) ? Optional.of(flow) : Optional.empty();
  }

  /// What our Contact says: that of the flow, else what the next URI asks for, else UDP.
  Flow.Transport transport() {
    return switch (nextHop) {
      case NextHop.OverFlow(Flow flow) -> flow.transport();
      case NextHop.ByRoute() ->
          Flow.Transport.ofUri(routes.isEmpty() ? uri : routes.getFirst())
              .orElse(Flow.Transport.UDP);
    };
  }
}
