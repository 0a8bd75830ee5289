package io.continuo.sip.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A zone in memory, which notes what it was asked. Threading: one thread at a time.
public final class FakeDns implements DnsLookup {
  private final Map<String, List<DnsRecord>> zone = new HashMap<>();
  private final Map<String, List<InetAddress>> hosts = new HashMap<>();
  private final Set<String> broken = new HashSet<>();
  private final Set<String> silent = new HashSet<>();
  final List<String> asked = new ArrayList<>();
  Duration ttl = Duration.ofSeconds(60);

  FakeDns naptr(String name, int order, int preference, String service, String replacement) {
    return add(
        name, DnsType.NAPTR, new DnsRecord.Naptr(order, preference, "s", service, replacement));
  }

  public FakeDns srv(String name, int priority, int weight, int port, String target) {
    return add(name, DnsType.SRV, new DnsRecord.Srv(priority, weight, port, target));
  }

  public FakeDns address(String name, String address) {
    InetAddress literal = InetAddress.ofLiteral(address);
    return add(
        name, address.contains(":") ? DnsType.AAAA : DnsType.A, new DnsRecord.Address(literal));
  }

  FakeDns host(String name, String address) {
    hosts.computeIfAbsent(name, any -> new ArrayList<>()).add(InetAddress.ofLiteral(address));
    return this;
  }

  FakeDns broken(String name, DnsType type) {
    broken.add(type + " " + name);
    return this;
  }

  FakeDns silent(String name, DnsType type) {
    silent.add(type + " " + name);
    return this;
  }

  private FakeDns add(String name, DnsType type, DnsRecord record) {
    zone.computeIfAbsent(type + " " + name, any -> new ArrayList<>()).add(record);
    return this;
  }

  @Override
  public CompletableFuture<DnsAnswer> ask(String name, DnsType type) {
    String question = type + " " + name;
    asked.add(question);
    if (silent.contains(question)) {
      return new CompletableFuture<>();
    }
    return broken.contains(question)
        ? CompletableFuture.failedFuture(new IllegalStateException("SERVFAIL"))
        : CompletableFuture.completedFuture(
            new DnsAnswer(zone.getOrDefault(question, List.of()), ttl));
  }

  @Override
  public List<InetAddress> local(String name) {
    return hosts.getOrDefault(name, List.of());
  }
}
