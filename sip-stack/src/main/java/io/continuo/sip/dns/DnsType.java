package io.continuo.sip.dns;

/// What can be asked for.
public enum DnsType {
  NAPTR,
  SRV,
  A,
  AAAA
}
