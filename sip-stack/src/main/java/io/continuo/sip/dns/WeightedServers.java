package io.continuo.sip.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Puts the servers of a service in the order to try them (RFC 2782): by priority, and among equals
/// by lot, where weight is chance.
record WeightedServers(RandomGenerator random) {

  /// A single server `.` means that there is no such service.
  List<DnsRecord.Srv> order(List<DnsRecord.Srv> servers) {
    List<DnsRecord.Srv> left = new ArrayList<>(servers);
    left.removeIf(server -> server.target().isEmpty() || server.target().equals("."));
    left.sort(
        Comparator.comparingInt(DnsRecord.Srv::priority).thenComparingInt(DnsRecord.Srv::weight));
    List<DnsRecord.Srv> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      int priority = left.getFirst().priority();
      DnsRecord.Srv next =
          drawn(left.stream().filter(server -> server.priority() == priority).toList());
      ordered.add(next);
      left.remove(next);
    }
    return ordered;
  }

  /// @param equals by rising weight, so that those without weight come first in the running sum
  private DnsRecord.Srv drawn(List<DnsRecord.Srv> equals) {
    int sum = equals.stream().mapToInt(DnsRecord.Srv::weight).sum();
    int lot = random.nextInt(sum + 1);
    int running = 0;
    for (DnsRecord.Srv server : equals) {
      running += server.weight();
      if (running >= lot) {
        return server;
      }
    }
    return equals.getLast();
  }
}
