package io.continuo.sip.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CachedDnsTest {
  private final FakeDns dns = new FakeDns();
  private final AtomicLong nanos = new AtomicLong();
  private final CachedDns cached = new CachedDns(dns, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private int asks(int times) {
    for (int i = 0; i < times; i++) {
      cached.ask("Host.test", DnsType.A).join();
    }
    return dns.asked.size();
  }

  @Test
  @Spec("RFC 3263 §4")
  void anAnswerIsRememberedForItsTimeToLive() {
    dns.address("host.test", "192.0.2.1");

    assertThat(asks(3)).isEqualTo(1);
    pass(Duration.ofSeconds(59));
    assertThat(asks(1)).isEqualTo(1);
    pass(Duration.ofSeconds(2));
    assertThat(asks(1)).isEqualTo(2);
  }

  @Test
  @Spec("RFC 2308 §5")
  void thatThereIsNoneIsRememberedToo() {
    assertThat(asks(3)).isEqualTo(1);
    assertThat(cached.ask("host.test", DnsType.A).join().records()).isEmpty();
  }

  @Test
  void nothingIsRememberedForLongerThanTheLimit() {
    dns.address("host.test", "192.0.2.1").ttl = Duration.ofDays(30);
    asks(1);
    pass(CachedDns.LONGEST);

    assertThat(asks(1)).isEqualTo(2);
  }

  @Test
  void aTimeToLiveOfZeroIsNotRemembered() {
    dns.address("host.test", "192.0.2.1").ttl = Duration.ZERO;

    assertThat(asks(2)).isEqualTo(2);
  }

  @Test
  void aFailureIsNotRemembered() {
    dns.broken("host.test", DnsType.A);
    assertThatThrownBy(() -> asks(1)).isInstanceOf(CompletionException.class);
    assertThatThrownBy(() -> asks(1)).isInstanceOf(CompletionException.class);

    assertThat(dns.asked).hasSize(2);
  }

  @Test
  void whoAsksWhileAnotherWaitsIsAnsweredWithIt() {
    dns.silent("host.test", DnsType.A);
    cached.ask("host.test", DnsType.A);
    cached.ask("host.test", DnsType.A).cancel(true);
    cached.ask("host.test", DnsType.A);

    assertThat(dns.asked).hasSize(1);
  }
}
