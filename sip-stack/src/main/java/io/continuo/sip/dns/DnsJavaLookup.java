package io.continuo.sip.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/// Asks DNS servers by dnsjava, which follows aliases and goes over to TCP when an answer is cut.
///
/// Threading: any thread; answers come on dnsjava's one selector thread.
public final class DnsJavaLookup implements DnsLookup {
  private static final Logger LOG = LoggerFactory.getLogger(DnsJavaLookup.class);

  private static final int DNS_PORT = 53;

  /// One question to one server.
  private static final Duration QUESTION_WITHIN = Duration.ofSeconds(1);

  /// How often each server is asked before the question has failed.
  private static final int TRIES = 2;

  /// How long it is remembered that there is no such record: what SOA says of it is longer.
  private static final Duration NO_SUCH_RECORD = Duration.ofSeconds(30);

  private final LookupSession session;
  private final HostsFileParser hosts;

  /// @param servers `address` or `address:port`; empty: those of the system
  public DnsJavaLookup(List<String> servers) {
    this(servers, new HostsFileParser());
  }

  DnsJavaLookup(List<String> servers, HostsFileParser hosts) {
    this(servers, hosts, QUESTION_WITHIN);
  }

  /// @param within one question to one server
  DnsJavaLookup(List<String> servers, HostsFileParser hosts, Duration within) {
    List<InetSocketAddress> addresses =
        servers.isEmpty()
            ? ResolverConfig.getCurrentConfig().servers()
            : servers.stream().map(DnsJavaLookup::address).toList();
    this.hosts = hosts;
    this.session = LookupSession.builder().resolver(resolver(addresses, within)).build();
  }

  private static Resolver resolver(List<InetSocketAddress> addresses, Duration within) {
    List<Resolver> each = new ArrayList<>();
    for (InetSocketAddress address : addresses) {
      SimpleResolver one = new SimpleResolver(address);
      one.setTimeout(within);
      each.add(one);
    }
    ExtendedResolver all = new ExtendedResolver(each);
    all.setRetries(TRIES);
    all.setTimeout(within.multipliedBy((long) TRIES * Math.max(1, each.size())));
    return all;
  }

  private static InetSocketAddress address(String server) {
    String host = server.replaceFirst("^\\[(.*)](:\\d+)?$", "$1");
    boolean bracketed = !host.equals(server);
    int colon = server.lastIndexOf(':');
    boolean ported =
        bracketed ? server.lastIndexOf(']') < colon : server.indexOf(':') == colon && colon >= 0;
    return new InetSocketAddress(
        InetAddress.ofLiteral(ported && !bracketed ? server.substring(0, colon) : host),
        ported ? Integer.parseInt(server.substring(colon + 1)) : DNS_PORT);
  }

  @Override
  public CompletableFuture<DnsAnswer> ask(String name, DnsType type) {
    Name asked;
    try {
      asked = Name.fromString(name, Name.root);
    } catch (TextParseException malformed) {
      return CompletableFuture.completedFuture(nothing());
    }
    return session
        .lookupAsync(asked, number(type))
        .handle(
            (result, failure) -> failure == null ? answer(result.getRecords()) : nothing(failure))
        .toCompletableFuture();
  }

  private static DnsAnswer nothing(Throwable failure) {
    Throwable why =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (why instanceof NoSuchDomainException || why instanceof NoSuchRRSetException) {
      return nothing();
    }
    throw new CompletionException(why);
  }

  private static DnsAnswer nothing() {
    return new DnsAnswer(List.of(), NO_SUCH_RECORD);
  }

  private static DnsAnswer answer(List<Record> records) {
    long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(0);
    return records.isEmpty()
        ? nothing()
        : new DnsAnswer(
            records.stream().flatMap(DnsJavaLookup::record).toList(), Duration.ofSeconds(ttl));
  }

  private static Stream<DnsRecord> record(Record record) {
    return switch (record) {
      case NAPTRRecord n ->
          Stream.of(
              new DnsRecord.Naptr(
                  n.getOrder(),
                  n.getPreference(),
                  n.getFlags(),
                  n.getService(),
                  text(n.getReplacement())));
      case SRVRecord s ->
          Stream.of(
              new DnsRecord.Srv(s.getPriority(), s.getWeight(), s.getPort(), text(s.getTarget())));
      case ARecord a -> Stream.of(new DnsRecord.Address(a.getAddress()));
      case AAAARecord a -> Stream.of(new DnsRecord.Address(a.getAddress()));
      default -> Stream.of(); // an alias on the way, say
    };
  }

  private static String text(Name name) {
    return name.toString(true);
  }

  private static int number(DnsType type) {
    return switch (type) {
      case NAPTR -> Type.NAPTR;
      case SRV -> Type.SRV;
      case A -> Type.A;
      case AAAA -> Type.AAAA;
    };
  }

  @Override
  public List<InetAddress> local(String name) {
    List<InetAddress> known = new ArrayList<>();
    try {
      Name asked = Name.fromString(name, Name.root);
      hosts.getAddressForHost(asked, Type.A).ifPresent(known::add);
      hosts.getAddressForHost(asked, Type.AAAA).ifPresent(known::add);
    } catch (TextParseException malformed) {
      LOG.atDebug().addKeyValue("name", name).log("dns.name-malformed");
    } catch (IOException unreadable) {
      LOG.atWarn().setCause(unreadable).log("dns.hosts-file-unreadable");
    }
    return known;
  }
}
