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

@Spec("wire: dialling")
class DialPolicyTest {
  private static final InetSocketAddress OWN =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 2855);

  private static boolean dials(Set<String> connectTo, String uri, String signalledFrom) {
    Optional<InetAddress> from =
        signalledFrom.isEmpty()
            ? Optional.empty()
            : Optional.of(InetAddress.ofLiteral(signalledFrom));
    return new DialPolicy(connectTo).judge(MsrpUri.parse(uri).orElseThrow(), from, OWN)
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
    assertThat(dials(networks, "msrp://198.51.100.127:9/s;tcp", "")).isTrue();
    assertThat(dials(networks, "msrp://198.51.100.128:9/s;tcp", "")).isFalse();
    assertThat(dials(networks, "msrp://[2001:db8:1::1]:9/s;tcp", "")).isTrue();
  }

  @Test
  void loopbackAndLinkLocalMustBeNamedThemselves() {
    assertThat(dials(Set.of("0.0.0.0/0"), "msrp://127.0.0.1:9/s;tcp", "")).isFalse();
    assertThat(dials(Set.of("0.0.0.0/0"), "msrp://169.254.169.254:80/s;tcp", "")).isFalse();
    assertThat(dials(Set.of("127.0.0.0/8"), "msrp://127.0.0.1:9/s;tcp", "")).isTrue();
    assertThat(dials(Set.of(), "msrp://127.0.0.1:9/s;tcp", "127.0.0.1")).isTrue();
  }

  @Test
  void ourselvesNamesAndMulticastAreNeverDialled() {
    Set<String> all = Set.of("0.0.0.0/0");
    assertThat(dials(all, "msrp://192.0.2.1:2855/s;tcp", "192.0.2.1")).isFalse();
    assertThat(dials(all, "msrp://192.0.2.1/s;tcp", "192.0.2.1")).isFalse();
    assertThat(dials(all, "msrp://192.0.2.1:2856/s;tcp", "")).isTrue();
    assertThat(dials(all, "msrp://device.example.com:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://224.0.0.1:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://0.0.0.0:9/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrp://198.51.100.7:0/s;tcp", "")).isFalse();
    assertThat(dials(all, "msrps://198.51.100.7:9/s;tcp", "")).isFalse();
  }

  @Test
  void whatIsNoNetworkIsAnError() {
    assertThatThrownBy(() -> new DialPolicy(Set.of("10.0.0.0/33")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.0/33");
  }
}
