package io.continuo.sip.jain;

import io.continuo.sip.NameAddr;
import io.continuo.sip.dns.Hop;
import io.continuo.sip.dns.NextServer;
import io.continuo.sip.dns.ServerLocator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Where requests go by their topmost Route, else by their Request-URI (RFC 3261 §8.1.2).
///
/// Threading: the stripe of the Call-ID, and what comes of it is told there: at once when nobody
/// need be asked, later when DNS must.
final class NextHops {
  private final ServerLocator locator;
  private final CallStripes stripes;

  NextHops(ServerLocator locator, CallStripes stripes) {
    this.locator = locator;
    this.stripes = stripes;
  }

  /// @param then gets the targets, the best first; at least one
  /// @param failed there is none
  void find(
      List<String> routes,
      String uri,
      String callId,
      Consumer<List<Target>> then,
      Runnable failed) {
    String next =
        routes.isEmpty() ? uri : NameAddr.parse(routes.getFirst()).map(NameAddr::uri).orElse("");
    Optional<NextServer> server = NextServer.parse(next);
    if (server.isEmpty()) {
      failed.run();
      return;
    }
    CompletableFuture<List<Hop>> hops = locator.locate(server.get());
    Consumer<List<Hop>> told =
        found -> {
          if (found.isEmpty()) {
            failed.run();
          } else {
            then.accept(found.stream().map(hop -> target(hop, server.get())).toList());
          }
        };
    if (hops.isDone()) {
      told.accept(hops.join());
    } else {
      hops.thenAccept(found -> stripes.execute(callId, () -> told.accept(found)));
    }
  }

  private static Target target(Hop hop, NextServer named) {
    return new Target.To(hop.transport(), hop.address(), named.host());
  }
}
