package io.continuo.sip.dns;

import io.continuo.sip.Flow;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the servers to send a request to, the best first (RFC 3263 §4): the transport by URI, else
/// by NAPTR, else by which SRV records there are; the servers by SRV, else by address. A name in
/// this host's hosts file is taken as it stands there, and DNS is not asked.
///
/// Everything that may be needed is asked at once, so that a question without an answer costs its
/// time once. Limits: [#LOOK_UP_WITHIN], [#MAX_HOPS].
///
/// Threading: any thread; never blocks.
public final class ServerLocator {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLocator.class);

  /// After this there is no server.
  static final Duration LOOK_UP_WITHIN = Duration.ofSeconds(5);

  /// Servers of one name that are tried.
  static final int MAX_HOPS = 8;

  private static final Comparator<DnsRecord.Naptr> NAPTR_ORDER =
      Comparator.comparingInt(DnsRecord.Naptr::order).thenComparingInt(DnsRecord.Naptr::preference);

  private final DnsLookup dns;
  private final List<Flow.Transport> spoken;
  private final boolean ipv6First;
  private final RandomGenerator random;
  private final Duration within;

  /// @param spoken transports that we can open, the one we like best first
  /// @param ipv6First whether our own address is one
  public ServerLocator(
      DnsLookup dns, List<Flow.Transport> spoken, boolean ipv6First, RandomGenerator random) {
    this(dns, spoken, ipv6First, random, LOOK_UP_WITHIN);
  }

  ServerLocator(
      DnsLookup dns,
      List<Flow.Transport> spoken,
      boolean ipv6First,
      RandomGenerator random,
      Duration within) {
    this.dns = dns;
    this.spoken = List.copyOf(spoken);
    this.ipv6First = ipv6First;
    this.random = random;
    this.within = within;
  }

  /// The servers of a URI's host; empty when there is none, never failed.
  public CompletableFuture<List<Hop>> locate(NextServer next) {
    Optional<InetAddress> literal = next.literal();
    List<InetAddress> local = literal.map(List::of).orElseGet(() -> dns.local(next.host()));
    if (!local.isEmpty()) {
      return CompletableFuture.completedFuture(direct(next, sorted(local)));
    }
    return look(next)
        .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> {
          LOG.atWarn()
              .addKeyValue("host", next.host())
              .addKeyValue("why", failure.toString())
              .log("dns.look-up-failed");
          return List.of();
        })
        .thenApply(hops -> hops.stream().distinct().limit(MAX_HOPS).toList());
  }

  private static List<Hop> direct(NextServer next, List<InetAddress> addresses) {
    Flow.Transport transport = next.defaultTransport();
    int port = next.port().orElse(NextServer.defaultPort(transport));
    return addresses.stream()
        .map(address -> new Hop(transport, new InetSocketAddress(address, port)))
        .toList();
  }

  /// RFC 3263 §4.1, §4.2: a port in the URI leaves nothing but addresses to look for.
  private CompletableFuture<List<Hop>> look(NextServer next) {
    if (next.port().isPresent()) {
      return addresses(next.host()).thenApply(found -> direct(next, found));
    }
    CompletableFuture<List<InetAddress>> addresses = addresses(next.host());
    CompletableFuture<List<Service>> services =
        next.transport().isPresent() ? bySrv(next, List.of(next.transport().get())) : byNaptr(next);
    return services
        .thenCompose(this::servers)
        .thenCompose(hops ->
            hops.isEmpty()
                ? addresses.thenApply(found -> direct(next, found))
                : CompletableFuture.completedFuture(hops));
  }

  /// A transport that a domain offers, and its servers.
  private record Service(Flow.Transport transport, List<DnsRecord.Srv> servers) {}

  private CompletableFuture<List<Service>> byNaptr(NextServer next) {
    CompletableFuture<List<Service>> otherwise = bySrv(next, eligible(next));
    return quietly(next.host(), DnsType.NAPTR)
        .thenCompose(answer -> {
          List<DnsRecord.Naptr> offered =
              answer.records().stream()
                  .filter(DnsRecord.Naptr.class::isInstance)
                  .map(DnsRecord.Naptr.class::cast)
                  .filter(record -> record.flags().equalsIgnoreCase("s"))
                  .filter(record -> transport(record, next).isPresent())
                  .sorted(NAPTR_ORDER)
                  .toList();
          return offered.isEmpty()
              ? otherwise
              : all(
                  offered.stream()
                      .map(record ->
                          service(transport(record, next).orElseThrow(), record.replacement()))
                      .toList());
        });
  }

  private Optional<Flow.Transport> transport(DnsRecord.Naptr record, NextServer next) {
    return eligible(next).stream()
        .filter(transport -> naptr(transport).equalsIgnoreCase(record.service()))
        .findFirst();
  }

  private List<Flow.Transport> eligible(NextServer next) {
    return spoken.stream().filter(transport -> !next.secure() || transport.secure()).toList();
  }

  private CompletableFuture<List<Service>> bySrv(NextServer next, List<Flow.Transport> transports) {
    return all(
        transports.stream()
            .map(transport -> service(transport, srv(transport) + "." + next.host()))
            .toList());
  }

  private CompletableFuture<Service> service(Flow.Transport transport, String name) {
    return quietly(name, DnsType.SRV)
        .thenApply(answer ->
            new Service(
                transport,
                new WeightedServers(random)
                    .order(
                        answer.records().stream()
                            .filter(DnsRecord.Srv.class::isInstance)
                            .map(DnsRecord.Srv.class::cast)
                            .toList())));
  }

  private CompletableFuture<List<Hop>> servers(List<Service> services) {
    List<CompletableFuture<List<Hop>>> each = new ArrayList<>();
    for (Service service : services) {
      for (DnsRecord.Srv server : service.servers()) {
        each.add(
            addresses(server.target())
                .thenApply(found ->
                    found.stream()
                        .map(address ->
                            new Hop(
                                service.transport(), new InetSocketAddress(address, server.port())))
                        .toList())
                .exceptionally(failure -> List.of()));
      }
    }
    return all(each).thenApply(lists -> lists.stream().flatMap(List::stream).toList());
  }

  /// Both families; one that cannot be asked for does not hide the other.
  private CompletableFuture<List<InetAddress>> addresses(String host) {
    List<InetAddress> local = dns.local(host);
    if (!local.isEmpty()) {
      return CompletableFuture.completedFuture(sorted(local));
    }
    return all(List.of(quietly(host, DnsType.A), quietly(host, DnsType.AAAA)))
        .thenApply(answers ->
            sorted(
                answers.stream()
                    .flatMap(answer -> answer.records().stream())
                    .filter(DnsRecord.Address.class::isInstance)
                    .map(record -> ((DnsRecord.Address) record).address())
                    .toList()));
  }

  private List<InetAddress> sorted(List<InetAddress> addresses) {
    Comparator<InetAddress> ipv4First =
        Comparator.comparing(address -> address instanceof java.net.Inet6Address);
    return addresses.stream().sorted(ipv6First ? ipv4First.reversed() : ipv4First).toList();
  }

  /// A question that fails is as one without an answer: the next rule may help (RFC 3263 §4.1).
  private CompletableFuture<DnsAnswer> quietly(String name, DnsType type) {
    return dns.ask(name, type)
        .exceptionally(failure -> {
          LOG.atDebug()
              .addKeyValue("name", name)
              .addKeyValue("type", type)
              .addKeyValue("why", failure.toString())
              .log("dns.question-failed");
          return new DnsAnswer(List.of(), Duration.ZERO);
        });
  }

  private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> each) {
    return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
        .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
  }

  /// RFC 3263 §4.1, RFC 7118 §5.2.4.
  private static String naptr(Flow.Transport transport) {
    return switch (transport) {
      case UDP -> "SIP+D2U";
      case TCP -> "SIP+D2T";
      case TLS -> "SIPS+D2T";
      case WS -> "SIP+D2W";
      case WSS -> "SIPS+D2W";
    };
  }

  private static String srv(Flow.Transport transport) {
    return switch (transport) {
      case UDP -> "_sip._udp";
      case TCP -> "_sip._tcp";
      case TLS -> "_sips._tcp";
      case WS -> "_sip._ws";
      case WSS -> "_sips._ws";
    };
  }
}
