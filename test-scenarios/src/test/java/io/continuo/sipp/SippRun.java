package io.continuo.sipp;

import io.continuo.scenarios.ChildProcess;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// One running SIPp. It succeeds when its only call went as the scenario says.
public final class SippRun implements AutoCloseable {
  /// SIPp ends by itself before this.
  private static final Duration LIMIT = Duration.ofSeconds(75);

  private static final Duration MESSAGE_LIMIT = Duration.ofSeconds(30);

  private final Sipp sipp;
  private final InetSocketAddress address;
  private final ChildProcess process;
  private final Path traces;
  private final Path errors;

  SippRun(Sipp sipp, InetSocketAddress address, ChildProcess process, Path traces, Path errors) {
    this.sipp = sipp;
    this.address = address;
    this.process = process;
    this.traces = traces;
    this.errors = errors;
  }

  /// Where it sends from and listens.
  public InetSocketAddress address() {
    return address;
  }

  /// Waits for the end of the scenario; fails with what SIPp saw when it did not go as written.
  public SippRun succeeds() throws IOException {
    int status = process.awaitExit(LIMIT);
    if (status != 0) {
      throw new AssertionError(
          "SIPp scenario %s of %s ended with status %d.%n%s%n%s"
              .formatted(sipp.scenario(), sipp.user(), status, read(errors), read(traces)));
    }
    return this;
  }

  /// Everything sent and received so far, in order.
  public List<TracedMessage> messages() throws IOException {
    return TracedMessage.parse(read(traces));
  }

  /// Waits until SIPp has sent so many messages that begin so.
  public SippRun sent(String beginning, int times) {
    await(message -> message.sent() && message.firstLine().startsWith(beginning), beginning, times);
    return this;
  }

  /// Waits until a caller has acknowledged the 200 to its INVITE: the one after the challenge.
  public SippRun isAnswered() {
    await(
        message -> message.sent() && message.header("CSeq").equals(Optional.of("2 ACK")), "ACK", 1);
    return this;
  }

  /// Waits until SIPp has received so many messages that begin so.
  public SippRun received(String beginning, int times) {
    await(
        message -> !message.sent() && message.firstLine().startsWith(beginning), beginning, times);
    return this;
  }

  /// Lets a scenario go on that stands at `<recv request="INFO"/>`: sends it that request, for the
  /// call it is in. Only over UDP.
  public void goesOn() throws IOException {
    TracedMessage any = messages().getFirst();
    String info =
        """
        INFO sip:go@on SIP/2.0\r
        Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKgo\r
        From: <sip:harness@127.0.0.1>;tag=go\r
        To: <sip:sipp@127.0.0.1>\r
        Call-ID: %s\r
        CSeq: 1 INFO\r
        Content-Length: 0\r
        \r
        """
            .formatted(any.header("Call-ID").orElseThrow());
    byte[] bytes = info.getBytes(StandardCharsets.UTF_8);
    try (DatagramSocket socket = new DatagramSocket(0, address.getAddress())) {
      socket.send(new DatagramPacket(bytes, bytes.length, address));
    }
  }

  private void await(Predicate<TracedMessage> fits, String what, int times) {
    Awaitility.await(sipp.scenario() + " of " + sipp.user() + ": " + what)
        .atMost(MESSAGE_LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> messages().stream().filter(fits).count() >= times);
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /// Ends it when it still runs: a failed test must not leave it behind.
  @Override
  public void close() {
    if (process.isAlive()) {
      process.kill();
    }
  }
}
