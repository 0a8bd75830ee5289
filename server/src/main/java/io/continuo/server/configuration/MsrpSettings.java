package io.continuo.server.configuration;

import java.time.Duration;
import java.util.Set;

/// MSRP (`msrp.*`; RFC 4975).
///
/// @param host the address to listen on and to write into `a=path` (default `127.0.0.1`)
/// @param port TCP port, 0 for any free one (default 2855)
/// @param maxMessage largest message taken, in bytes; more is 413 (default 1 MiB)
/// @param maxChunk body bytes of one chunk towards a device (default 2048)
/// @param maxHeaders largest head of one MSRP message in bytes; more closes the connection (default
///   8 KiB)
/// @param reassemblyPerLeg bytes of unfinished messages on one leg; more is 413 (default 4 MiB)
/// @param bindTimeout how long a session waits for its connection (default 10 s)
/// @param transactionTimeout how long an answer to a SEND is awaited (default 30 s; RFC 4975 §7.1)
/// @param idleTimeout a connection that says nothing so long is probed, then closed (default 5 min)
/// @param connectTo networks (CIDR) that we may connect to as active side, beside the address that
///   a device signals from; loopback, link-local and our own are refused unless named here (default
///   none)
/// @param sendBuffer bytes waiting to be written on one connection before deliveries to its legs
///   are held (default 1 MiB)
public record MsrpSettings(
    String host,
    int port,
    @Bytes long maxMessage,
    @Bytes int maxChunk,
    @Bytes int maxHeaders,
    @Bytes long reassemblyPerLeg,
    Duration bindTimeout,
    Duration transactionTimeout,
    Duration idleTimeout,
    Set<String> connectTo,
    @Bytes long sendBuffer) {
  public MsrpSettings {
    connectTo = Set.copyOf(connectTo);
    Duration shortest = Duration.ofMillis(10);
    new Check()
        .ownHost("msrp.host", host)
        .port("msrp.port", port)
        .between("msrp.max-message", maxMessage, 1024, 1L << 30)
        .between("msrp.max-chunk", maxChunk, 256, 1 << 20)
        .between("msrp.max-headers", maxHeaders, 512, 1 << 20)
        .between("msrp.reassembly-per-leg", reassemblyPerLeg, 1024, 1L << 32)
        .that(
            "msrp.reassembly-per-leg",
            reassemblyPerLeg >= maxMessage,
            "is less than msrp.max-message")
        .between("msrp.bind-timeout", bindTimeout, shortest, Duration.ofMinutes(10))
        .between("msrp.transaction-timeout", transactionTimeout, shortest, Duration.ofMinutes(10))
        .between("msrp.idle-timeout", idleTimeout, shortest, Duration.ofDays(1))
        .each("msrp.connect-to", connectTo, Check::isNetwork, "a network like 192.0.2.0/24")
        .between("msrp.send-buffer", sendBuffer, 1024, 1L << 30)
        .done();
  }

  public static final MsrpSettings DEFAULT =
      new MsrpSettings(
          "127.0.0.1",
          2855,
          1L << 20,
          2048,
          8192,
          4L << 20,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Set.of(),
          1L << 20);
}
