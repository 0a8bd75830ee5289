package io.continuo.sip.dns;

import static io.continuo.sip.Flow.Transport.TCP;
import static io.continuo.sip.Flow.Transport.TLS;
import static io.continuo.sip.Flow.Transport.UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of RFC 3263 §4, on a zone in memory.
class ServerLocatorTest {
  private final FakeDns dns = new FakeDns();
  private Duration within = Duration.ofSeconds(30);

  private List<String> locate(String uri) {
    return locate(uri, false);
  }

  private List<String> locate(String uri, boolean ipv6First) {
    ServerLocator locator =
        new ServerLocator(dns, List.of(UDP, TCP, TLS), ipv6First, new Random(7), within);
    return locator
        .locate(NextServer.parse(uri).orElseThrow())
        .orTimeout(60, TimeUnit.SECONDS)
        .join()
        .stream()
        .map(hop ->
            hop.transport()
                + " "
                + hop.address().getAddress().getHostAddress()
                + " "
                + hop.address().getPort())
        .toList();
  }

  // ---- nothing to ask

  @ParameterizedTest
  @CsvSource({
    "sip:192.0.2.1,UDP 192.0.2.1 5060",
    "sip:bob@192.0.2.1:5070,UDP 192.0.2.1 5070",
    "sip:192.0.2.1;transport=tcp,TCP 192.0.2.1 5060",
    "sips:192.0.2.1,TLS 192.0.2.1 5061",
    "sips:192.0.2.1;transport=tcp,TLS 192.0.2.1 5061",
    "sip:192.0.2.1;transport=tls,TLS 192.0.2.1 5061",
    "sip:[2001:db8::1]:5070;transport=tcp,TCP 2001:db8:0:0:0:0:0:1 5070",
    "sip:example.test;maddr=192.0.2.7,UDP 192.0.2.7 5060",
  })
  @Spec("RFC 3263 §4.1")
  @Spec("RFC 3263 §4.2")
  void anAddressIsTakenAsItIs(String uri, String hop) {
    assertThat(locate(uri)).containsExactly(hop);
    assertThat(dns.asked).isEmpty();
  }

  @Test
  void aNameOfTheHostsFileIsNotAskedFor() {
    dns.host("edge", "127.0.0.1").naptr("edge", 1, 1, "SIP+D2T", "_sip._tcp.edge");

    assertThat(locate("sip:edge")).containsExactly("UDP 127.0.0.1 5060");
    assertThat(locate("sip:edge:5070;transport=tcp")).containsExactly("TCP 127.0.0.1 5070");
    assertThat(dns.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"tel:+1555", "sip:", "sip:host:0", "sip:host:65536", "sip:host;transport=sctp"})
  void aUriThatLeadsNowhereIsNone(String uri) {
    assertThat(NextServer.parse(uri)).isEmpty();
  }

  // ---- which transport

  @Test
  @Spec("RFC 3263 §4.1")
  void naptrSaysWhichTransportAndSrvWhichServer() {
    dns.naptr("example.test", 50, 50, "SIP+D2U", "_sip._udp.example.test")
        .naptr("example.test", 40, 60, "SIP+D2T", "_sip._tcp.example.test")
        .naptr("example.test", 40, 50, "SIPS+D2T", "_sips._tcp.example.test")
        .naptr("example.test", 10, 10, "SIP+D2S", "_sip._sctp.example.test")
        .naptr("example.test", 10, 10, "E2U+sip", "other.test")
        .srv("_sip._udp.example.test", 0, 0, 5060, "a.test")
        .srv("_sip._tcp.example.test", 0, 0, 5080, "a.test")
        .srv("_sips._tcp.example.test", 0, 0, 5081, "a.test")
        .address("a.test", "192.0.2.1");

    assertThat(locate("sip:example.test"))
        .containsExactly("TLS 192.0.2.1 5081", "TCP 192.0.2.1 5080", "UDP 192.0.2.1 5060");
    assertThat(locate("sips:example.test")).containsExactly("TLS 192.0.2.1 5081");
  }

  @Test
  @Spec("RFC 3263 §4.1")
  void withoutNaptrTheSrvRecordsThatThereAreSayIt() {
    dns.srv("_sip._tcp.example.test", 0, 0, 5080, "a.test").address("a.test", "192.0.2.1");

    assertThat(locate("sip:example.test")).containsExactly("TCP 192.0.2.1 5080");
    assertThat(locate("sips:example.test")).as("nothing secure is offered").isEmpty();
  }

  @Test
  @Spec("RFC 3263 §4.1")
  void withNeitherItIsTheDefaultTransportAtTheAddresses() {
    dns.address("example.test", "192.0.2.1").address("example.test", "2001:db8::1");

    assertThat(locate("sip:example.test"))
        .containsExactly("UDP 192.0.2.1 5060", "UDP 2001:db8:0:0:0:0:0:1 5060");
    assertThat(locate("sip:example.test", true))
        .containsExactly("UDP 2001:db8:0:0:0:0:0:1 5060", "UDP 192.0.2.1 5060");
    assertThat(locate("sips:example.test"))
        .containsExactly("TLS 192.0.2.1 5061", "TLS 2001:db8:0:0:0:0:0:1 5061");
  }

  @Test
  @Spec("RFC 3263 §4.1")
  void aPortLeavesAddressesOnly() {
    dns.srv("_sip._udp.example.test", 0, 0, 5080, "a.test").address("example.test", "192.0.2.1");

    assertThat(locate("sip:example.test:5070")).containsExactly("UDP 192.0.2.1 5070");
    assertThat(dns.asked).containsExactlyInAnyOrder("A example.test", "AAAA example.test");
  }

  @Test
  @Spec("RFC 3263 §4.2")
  void aTransportLeavesItsSrvOnly() {
    dns.naptr("example.test", 1, 1, "SIP+D2U", "_sip._udp.example.test")
        .srv("_sip._udp.example.test", 0, 0, 5060, "a.test")
        .srv("_sip._tcp.example.test", 0, 0, 5080, "a.test")
        .address("a.test", "192.0.2.1");

    assertThat(locate("sip:example.test;transport=tcp")).containsExactly("TCP 192.0.2.1 5080");
  }

  // ---- which server

  @Test
  @Spec("RFC 3263 §4.2")
  @Spec("RFC 2782")
  void serversComeByPriorityAndAmongEqualsByWeight() {
    dns.srv("_sip._udp.example.test", 20, 0, 5060, "spare.test")
        .srv("_sip._udp.example.test", 10, 90, 5060, "big.test")
        .srv("_sip._udp.example.test", 10, 10, 5060, "small.test")
        .address("big.test", "192.0.2.1")
        .address("small.test", "192.0.2.2")
        .address("spare.test", "192.0.2.3");
    int bigFirst = 0;
    ServerLocator locator = new ServerLocator(dns, List.of(UDP), false, new Random(11), within);
    for (int i = 0; i < 1000; i++) {
      List<Hop> hops = locator.locate(NextServer.parse("sip:example.test").orElseThrow()).join();
      assertThat(hops).hasSize(3);
      assertThat(hops.getLast().address().getAddress().getHostAddress()).isEqualTo("192.0.2.3");
      bigFirst +=
          hops.getFirst().address().getAddress().getHostAddress().equals("192.0.2.1") ? 1 : 0;
    }
    assertThat(bigFirst).isBetween(850, 940);
  }

  @Test
  @Spec("RFC 2782")
  void aServiceThatIsSaidNotToBeIsNone() {
    dns.srv("_sip._udp.example.test", 0, 0, 0, "");
    assertThat(new WeightedServers(new Random(1)).order(List.of(new DnsRecord.Srv(0, 0, 0, "."))))
        .isEmpty();
    assertThat(locate("sip:example.test")).isEmpty();
  }

  @Test
  void notMoreServersThanTheLimitAreTriedAndNoneTwice() {
    for (int i = 1; i <= 20; i++) {
      dns.srv("_sip._udp.example.test", i, 0, 5060, "s" + i + ".test")
          .address("s" + i + ".test", "192.0.2." + (i + 1) / 2);
    }

    assertThat(locate("sip:example.test")).hasSize(ServerLocator.MAX_HOPS).doesNotHaveDuplicates();
  }

  // ---- DNS that fails

  @Test
  @Spec("RFC 3263 §4.1")
  void aQuestionThatFailsIsAsOneWithoutAnAnswer() {
    dns.broken("example.test", DnsType.NAPTR)
        .broken("example.test", DnsType.AAAA)
        .broken("_sip._tcp.example.test", DnsType.SRV)
        .address("example.test", "192.0.2.1");

    assertThat(locate("sip:example.test")).containsExactly("UDP 192.0.2.1 5060");
  }

  @Test
  void aServerWithoutAnAddressIsPassedOver() {
    dns.srv("_sip._udp.example.test", 1, 0, 5060, "gone.test")
        .srv("_sip._udp.example.test", 2, 0, 5060, "a.test")
        .address("a.test", "192.0.2.1");

    assertThat(locate("sip:example.test")).containsExactly("UDP 192.0.2.1 5060");
  }

  @Test
  void aLookUpThatNobodyAnswersEndsInItsTime() {
    within = Duration.ofSeconds(1);
    dns.silent("example.test", DnsType.A);

    assertThat(locate("sip:example.test:5060")).isEmpty();
  }
}
