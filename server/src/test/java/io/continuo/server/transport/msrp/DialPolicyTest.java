package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.MsrpUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("wire: dialling")
class DialPolicyTest {
  private static final InetSocketAddress OWN =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 2855);

  private static final String DENIED = "198.51.100.64/26";

  private static boolean dials(Set<String> connectTo, String uri, String signalledFrom) {
    return dials(connectTo, uri, signalledFrom, OWN);
  }

  private static boolean dials(
      Set<String> connectTo, String uri, String signalledFrom, InetSocketAddress own) {
    Optional<InetAddress> from =
        signalledFrom.isEmpty()
            ? Optional.empty()
            : Optional.of(InetAddress.ofLiteral(signalledFrom));
    return new DialPolicy(connectTo, Set.of(DENIED), false)
            .judge(MsrpUri.parse(uri).orElseThrow(), from, Listening.at(own))
        instanceof DialPolicy.Verdict.Dial;
  }

  @Test
  void theAddressThatADeviceSignalsFromIsDialledAndNoOther() {
    assertThat(dials(Set.of(), "msrp://198.51.100.7:9000/s;tcp", "198.51.100.7")).isTrue();
    assertThat(dials(Set.of(), "msrp://198.51.100.8:9000/s;tcp", "198.51.100.7")).isFalse();
    assertThat(dials(Set.of(), "msrp://198.51.100.7:9000/s;tcp", "")).isFalse();
    assertThat(dials(Set.of(), "msrp://[2001:db8::7]:9000/s;tcp", "2001:db8:0::7")).isTrue();
  }

  @Test
  void aNamedNetworkIsDialled() {
    Set<String> networks = Set.of("198.51.100.0/25", "2001:db8::/32");
    assertThat(dials(networks, "msrp://198.51.100.63:9/s;tcp", "")).isTrue();
    assertThat(dials(networks, "msrp://198.51.100.128:9/s;tcp", "")).isFalse();
    assertThat(dials(networks, "msrp://[2001:db8:1::1]:9/s;tcp", "")).isTrue();
  }

  @Test
  void loopbackAndLinkLocalMustBeNamedThemselves() {
    assertThat(dials(Set.of("0.0.0.0/0"), "msrp://127.0.0.1:9/s;tcp", "")).isFalse();
    assertThat(dials(Set.of("0.0.0.0/0"), "msrp://169.254.169.254:80/s;tcp", "")).isFalse();
    assertThat(dials(Set.of("::/0"), "msrp://[::1]:9/s;tcp", "")).isFalse();
    assertThat(dials(Set.of("::/0"), "msrp://[fe80::1]:9/s;tcp", "fe80::1")).isFalse();
    assertThat(dials(Set.of("127.0.0.0/8"), "msrp://127.0.0.1:9/s;tcp", "")).isTrue();
    assertThat(dials(Set.of("::1"), "msrp://[::1]:9/s;tcp", "")).isTrue();
    assertThat(dials(Set.of(), "msrp://127.0.0.1:9/s;tcp", "127.0.0.1")).isFalse();
  }

  /// Nobody can reach such a server from elsewhere, so the devices are on this machine as well.
  @Test
  void aServerOnLoopbackDialsADeviceThatSignalsFromThere() {
    InetSocketAddress local = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 2855);
    Set<String> none = Set.of();
    assertThat(dials(none, "msrp://127.0.0.1:9/s;tcp", "127.0.0.1", local)).isTrue();
    assertThat(dials(none, "msrp://127.0.0.3:9/s;tcp", "127.0.0.3", local)).isTrue();
    assertThat(dials(none, "msrp://127.0.0.1:9/s;tcp", "127.0.0.3", local)).isFalse();
    assertThat(dials(none, "msrp://127.0.0.1:9/s;tcp", "198.51.100.7", local)).isFalse();
    assertThat(dials(none, "msrp://127.0.0.1:9/s;tcp", "", local)).isFalse();
    assertThat(dials(none, "msrp://127.0.0.1:2855/s;tcp", "127.0.0.1", local)).isFalse();
    assertThat(dials(none, "msrp://169.254.1.1:9/s;tcp", "169.254.1.1", local)).isFalse();
    assertThat(
            new DialPolicy(none, Set.of("127.0.0.0/8"), false)
                .judge(
                    MsrpUri.parse("msrp://127.0.0.1:9/s;tcp").orElseThrow(),
                    Optional.of(local.getAddress()),
                    Listening.at(local)))
        .isInstanceOf(DialPolicy.Verdict.Refused.class);
  }

  @Test
  void aDeniedNetworkIsNotDialledWhoeverNamesIt() {
    assertThat(dials(Set.of("198.51.100.0/24"), "msrp://198.51.100.63:9/s;tcp", "")).isTrue();
    assertThat(dials(Set.of("198.51.100.0/24"), "msrp://198.51.100.64:9/s;tcp", "")).isFalse();
    assertThat(dials(Set.of(), "msrp://198.51.100.64:9/s;tcp", "198.51.100.64")).isFalse();
  }

  /// However loopback is written, it is judged as loopback; what is no plain address is not
  /// dialled.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "2130706433",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "0x7f.1",
        "0x7f000001",
        "127.0.0.1.",
        "localhost",
        "[fe80::1%25lo]",
        "255.255.255.256"
      })
  void noSpellingOfLoopbackGetsPast(String host) {
    Set<String> everything = Set.of("0.0.0.0/0", "::/0");
    assertThat(dials(everything, "msrp://" + host + ":9/s;tcp", "127.0.0.1")).isFalse();
  }

  /// Some read a leading zero as octal; what we judged is what we dial.
  @Test
  void aLeadingZeroIsDecimalAndDialledAsJudged() {
    DialPolicy.Verdict verdict =
        new DialPolicy(Set.of("177.0.0.0/8"), Set.of(), false)
            .judge(
                MsrpUri.parse("msrp://0177.0.0.1:9/s;tcp").orElseThrow(),
                Optional.empty(),
                Listening.at(OWN));
    assertThat(verdict)
        .isEqualTo(
            new DialPolicy.Verdict.Dial(
                new InetSocketAddress(InetAddress.ofLiteral("177.0.0.1"), 9)));
  }

  @Test
  void ourselvesNamesAndMulticastAreNeverDialled() {
    Set<String> all = Set.of("0.0.0.0/0");
    assertThat(dials(all, "msrp://192.0.2.1:2855/s;tcp", "192.0.2.1")).isFalse();
    assertThat(dials(all, "msrp://192.0.2.1/s;tcp", "192.0.2.1")).isFalse();
    assertThat(dials(all, "msrp://192.0.2.1:2856/s;tcp", "192.0.2.1")).isFalse();
    assertThat(dials(Set.of("192.0.2.1"), "msrp://192.0.2.1:2856/s;tcp", "")).isTrue();
    assertThat(dials(Set.of("192.0.2.1"), "msrp://192.0.2.1:2855/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://device.example.com:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://224.0.0.1:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://0.0.0.0:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://198.51.100.7:0/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrps://198.51.100.7:9/s;tcp", "")).isFalse();
  }

  @Test
  void whatIsNoNetworkIsAnError() {
    assertThatThrownBy(() -> new DialPolicy(Set.of("10.0.0.0/33"), Set.of(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.0/33");
  }
}
