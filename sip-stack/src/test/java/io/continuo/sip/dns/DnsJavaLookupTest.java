package io.continuo.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.hosts.HostsFileParser;

/// dnsjava against a server of our own on this machine.
class DnsJavaLookupTest {
  @TempDir Path directory;
  private DnsServerDouble server;
  private DnsLookup dns;

  @BeforeEach
  void start() throws IOException {
    server = new DnsServerDouble();
    Files.writeString(directory.resolve("hosts"), "127.0.0.9 edge.internal edge\n::1 edge\n");
    dns = new DnsJavaLookup(List.of(server.address()), hosts(), Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HostsFileParser hosts() {
    return new HostsFileParser(directory.resolve("hosts"));
  }

  private DnsAnswer ask(String name, DnsType type) throws Exception {
    return dns.ask(name, type).get(60, TimeUnit.SECONDS);
  }

  @Test
  @Spec("RFC 3263 §4.1")
  void everyKindOfRecordIsRead() throws Exception {
    server
        .record(
            "example.test", "NAPTR", 300, "10 20 \"s\" \"SIP+D2T\" \"\" _sip._tcp.example.test.")
        .record("_sip._tcp.example.test", "SRV", 200, "1 2 5080 a.test.")
        .record("a.test", "A", 100, "192.0.2.1")
        .record("a.test", "A", 50, "192.0.2.2")
        .record("a.test", "AAAA", 100, "2001:db8::1");

    assertThat(ask("example.test", DnsType.NAPTR))
        .isEqualTo(
            new DnsAnswer(
                List.of(new DnsRecord.Naptr(10, 20, "s", "SIP+D2T", "_sip._tcp.example.test")),
                Duration.ofSeconds(300)));
    assertThat(ask("_sip._tcp.example.test", DnsType.SRV).records())
        .containsExactly(new DnsRecord.Srv(1, 2, 5080, "a.test"));
    assertThat(ask("a.test", DnsType.A).records())
        .containsExactlyInAnyOrder(
            new DnsRecord.Address(InetAddress.ofLiteral("192.0.2.1")),
            new DnsRecord.Address(InetAddress.ofLiteral("192.0.2.2")));
    assertThat(ask("a.test", DnsType.A).ttl())
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(100));
    assertThat(ask("a.test", DnsType.AAAA).records())
        .containsExactly(new DnsRecord.Address(InetAddress.ofLiteral("2001:db8::1")));
  }

  @Test
  void anAliasIsFollowed() throws Exception {
    server.record("alias.test", "CNAME", 60, "a.test.").record("a.test", "A", 60, "192.0.2.1");

    assertThat(ask("alias.test", DnsType.A).records())
        .containsExactly(new DnsRecord.Address(InetAddress.ofLiteral("192.0.2.1")));
  }

  @Test
  @Spec("RFC 2308 §5")
  void noSuchNameAndNoSuchRecordAreAnswersThatMayBeRemembered() throws Exception {
    server.record("a.test", "A", 60, "192.0.2.1");

    assertThat(ask("nobody.test", DnsType.A))
        .isEqualTo(new DnsAnswer(List.of(), Duration.ofSeconds(30)));
    assertThat(ask("a.test", DnsType.SRV))
        .isEqualTo(new DnsAnswer(List.of(), Duration.ofSeconds(30)));
    assertThat(ask("a..test", DnsType.A).records()).isEmpty();
  }

  @Test
  void aServerThatFailsIsAFailure() {
    server.fail();

    assertThatThrownBy(() -> ask("a.test", DnsType.A)).isInstanceOf(ExecutionException.class);
  }

  @Test
  void aServerThatIsSilentIsAFailureInItsTime() {
    server.fallSilent();
    // The second question is asked only when the first has not used up the time of both.
    dns = new DnsJavaLookup(List.of(server.address()), hosts(), Duration.ofSeconds(3));

    assertThatThrownBy(() -> ask("a.test", DnsType.A)).isInstanceOf(ExecutionException.class);
    await().atMost(Duration.ofSeconds(30)).until(() -> server.asked.size() > 1);
  }

  @Test
  void theHostsFileIsKnownWithoutAsking() {
    assertThat(dns.local("edge"))
        .containsExactly(InetAddress.ofLiteral("127.0.0.9"), InetAddress.ofLiteral("::1"));
    assertThat(dns.local("edge.internal")).containsExactly(InetAddress.ofLiteral("127.0.0.9"));
    assertThat(dns.local("a.test")).isEmpty();
    assertThat(server.asked).isEmpty();
  }

  @Test
  @Spec("RFC 3263 §4")
  void aSipUriIsLocatedByAServersAnswers() throws Exception {
    server
        .record(
            "example.test", "NAPTR", 300, "10 20 \"S\" \"SIP+D2T\" \"\" _sip._tcp.example.test.")
        .record("_sip._tcp.example.test", "SRV", 200, "2 0 5080 b.test.")
        .record("_sip._tcp.example.test", "SRV", 200, "1 0 5070 a.test.")
        .record("a.test", "A", 100, "127.0.0.1")
        .record("b.test", "A", 100, "127.0.0.2");
    ServerLocator locator =
        new ServerLocator(
            new CachedDns(dns),
            List.of(Flow.Transport.UDP, Flow.Transport.TCP),
            false,
            new Random(1));

    List<Hop> hops =
        locator
            .locate(NextServer.parse("sip:bob@example.test").orElseThrow())
            .get(60, TimeUnit.SECONDS);

    assertThat(hops)
        .extracting(hop -> hop.transport() + " " + hop.address().getPort())
        .containsExactly("TCP 5070", "TCP 5080");
  }
}
