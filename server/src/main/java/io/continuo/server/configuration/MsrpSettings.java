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
/// @param reassemblyPerLeg bytes of unfinished messages on one leg, in memory or in files; more is
///   413 (default 4 MiB)
/// @param uploadsPerLeg messages over 64 KiB, each in a file, that are unfinished on one leg; one
///   more is 413 (default 4)
/// @param uploads the same for all legs together, each with an open file (default 256)
/// @param uploadBytes their bytes, all together; more is 413 (default 1 GiB)
/// @param chunkTimeout how long the next chunk of an unfinished message is awaited; then what came
///   of it is dropped, and a later chunk of it is 408 (default 2 min: far longer than any sender
///   waits for an answer, so it has given up or is gone)
/// @param bindTimeout how long a session waits for its connection (default 10 s)
/// @param transactionTimeout how long an answer to a SEND is awaited (default 30 s; RFC 4975 §7.1)
/// @param idleTimeout a connection that says nothing so long is probed, then closed (default 5 min)
/// @param connectTo networks (CIDR) that we may connect to as active side, beside the address that
///   a device signals from; loopback, link-local and our own addresses are refused unless named
///   here, loopback also while `host` is a loopback address (default none)
/// @param neverConnectTo networks that we never connect to, whatever `connectTo` says and whoever
///   signals from there (default none)
/// @param connectsPerSubscriber how often we connect for all devices of one subscriber in
///   `connectsWindow`; one more makes that leg end (default 100)
/// @param connectsWindow begins with the first connect of a subscriber (default 1 min)
/// @param sendBuffer bytes waiting to be written on one connection before deliveries to its legs
///   are held (default 64 KiB): what a short message to one leg waits for at most behind a long one
///   to another, beside one chunk of each
/// @param maxConnectionsPerSource TCP connections that one address (IPv6: one /64) may have open to
///   us; one more is closed at once (default 2000: a relay needs few, a NAT with many devices more)
public record MsrpSettings(
    String host,
    int port,
    @Bytes long maxMessage,
    @Bytes int maxChunk,
    @Bytes int maxHeaders,
    @Bytes long reassemblyPerLeg,
    int uploadsPerLeg,
    int uploads,
    @Bytes long uploadBytes,
    Duration chunkTimeout,
    Duration bindTimeout,
    Duration transactionTimeout,
    Duration idleTimeout,
    Set<String> connectTo,
    Set<String> neverConnectTo,
    int connectsPerSubscriber,
    Duration connectsWindow,
    @Bytes long sendBuffer,
    int maxConnectionsPerSource) {
  public MsrpSettings {
    connectTo = Set.copyOf(connectTo);
    neverConnectTo = Set.copyOf(neverConnectTo);
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
        .between("msrp.uploads-per-leg", uploadsPerLeg, 1, 64)
        .between("msrp.uploads", uploads, 1, 100_000)
        .between("msrp.upload-bytes", uploadBytes, 1024, 1L << 40)
        .that("msrp.upload-bytes", uploadBytes >= maxMessage, "is less than msrp.max-message")
        .between("msrp.chunk-timeout", chunkTimeout, shortest, Duration.ofDays(1))
        .between("msrp.bind-timeout", bindTimeout, shortest, Duration.ofMinutes(10))
        .between("msrp.transaction-timeout", transactionTimeout, shortest, Duration.ofMinutes(10))
        .between("msrp.idle-timeout", idleTimeout, shortest, Duration.ofDays(1))
        .each("msrp.connect-to", connectTo, Check::isNetwork, NETWORK)
        .each("msrp.never-connect-to", neverConnectTo, Check::isNetwork, NETWORK)
        .between("msrp.connects-per-subscriber", connectsPerSubscriber, 1, 1_000_000)
        .between("msrp.connects-window", connectsWindow, shortest, Duration.ofDays(1))
        .between("msrp.send-buffer", sendBuffer, 1024, 1L << 30)
        .between("msrp.max-connections-per-source", maxConnectionsPerSource, 1, 1_000_000)
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
          4,
          256,
          1L << 30,
          Duration.ofMinutes(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(5),
          Set.of(),
          Set.of(),
          100,
          Duration.ofMinutes(1),
          64L << 10,
          2_000);

  private static final String NETWORK = "a network like 192.0.2.0/24";
}
