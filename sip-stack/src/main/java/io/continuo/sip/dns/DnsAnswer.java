package io.continuo.sip.dns;

import java.time.Duration;
import java.util.List;

/// What DNS says of a name.
///
/// @param records empty when there is no such name or record
/// @param ttl how long it may be remembered; zero: not at all
public record DnsAnswer(List<DnsRecord> records, Duration ttl) {
  public DnsAnswer {
    records = List.copyOf(records);
  }
}
