package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static ByteBuffer counted(String address) {
    return Connections.counted(InetAddress.ofLiteral(address));
  }

  @Test
  void anIpv4AddressIsCountedByItself() {
    assertThat(counted("192.0.2.1")).isEqualTo(counted("192.0.2.1"));
    assertThat(counted("192.0.2.1")).isNotEqualTo(counted("192.0.2.2"));
    assertThat(counted("::ffff:192.0.2.1")).isEqualTo(counted("192.0.2.1"));
  }

  @Test
  void allAddressesOfAnIpv6NetworkAreCountedTogether() {
    assertThat(counted("2001:db8::1")).isEqualTo(counted("2001:db8::ffff:2"));
    assertThat(counted("2001:db8::1")).isNotEqualTo(counted("2001:db8:0:1::1"));
  }
}
