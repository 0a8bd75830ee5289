package io.continuo.sip.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Port: asks DNS. Any thread; never blocks.
public interface DnsLookup {
  /// The answer, on any thread. Fails when nobody could be asked or nobody answered; that there is
  /// no such name is an answer.
  CompletableFuture<DnsAnswer> ask(String name, DnsType type);

  /// What this host knows of a name without asking (its hosts file); empty when nothing.
  List<InetAddress> local(String name);
}
