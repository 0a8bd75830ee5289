package io.continuo.sipp;

import io.continuo.scenarios.ChildProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one SIPp process is started with; [#start] starts it.
///
/// @param scenario name of a file of `src/test/sipp`, without `.xml`
/// @param local address to use; port 0 is any free one
/// @param tcp one TCP connection instead of UDP
/// @param user user part: whose device this is
/// @param lossy datagrams get lost between it and the server: what comes late or twice is no
///   surprise
/// @param keys values of `[key]` in the scenario
public record Sipp(
    String scenario,
    InetSocketAddress local,
    InetSocketAddress server,
    boolean tcp,
    String user,
    String password,
    boolean lossy,
    Map<String, String> keys) {
  /// The directory of the scenarios, seen from the module's directory.
  static final Path SCENARIOS = Path.of("src", "test", "sipp");

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PORT_TRIES = 50;

  public Sipp {
    keys = Map.copyOf(keys);
  }

  /// A device of `user`, over UDP on a free port of 127.0.0.1.
  public static Sipp scenario(String scenario, InetSocketAddress server, String user) {
    return new Sipp(
        scenario,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        server,
        false,
        user,
        "",
        false,
        Map.of());
  }

  public Sipp password(String value) {
    return new Sipp(scenario, local, server, tcp, user, value, lossy, keys);
  }

  public Sipp overLossyNetwork() {
    return new Sipp(scenario, local, server, tcp, user, password, true, keys);
  }

  public Sipp overTcp() {
    return new Sipp(scenario, local, server, true, user, password, lossy, keys);
  }

  public Sipp at(InetSocketAddress address) {
    return new Sipp(scenario, address, server, tcp, user, password, lossy, keys);
  }

  public Sipp key(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(keys);
    more.put(name, value);
    return new Sipp(scenario, local, server, tcp, user, password, lossy, more);
  }

  /// Starts SIPp; its traces go to `directory`, named by the scenario and the port.
  public SippRun start(Path directory) throws IOException {
    Files.createDirectories(directory);
    InetSocketAddress address =
        local.getPort() == 0
            ? new InetSocketAddress(local.getAddress(), freePort(local.getAddress()))
            : local;
    Path traces = directory.resolve(scenario + "-" + address.getPort() + ".log");
    Path errors = directory.resolve(scenario + "-" + address.getPort() + ".errors");
    ProcessBuilder builder = new ProcessBuilder(command(address, traces, errors));
    builder.environment().put("TERM", "dumb");
    return new SippRun(this, address, ChildProcess.start(builder), traces, errors);
  }

  private List<String> command(InetSocketAddress address, Path traces, Path errors) {
    List<String> command = new ArrayList<>(List.of("sipp"));
    command.add(host(server) + ":" + server.getPort());
    command.addAll(
        List.of("-sf", SCENARIOS.resolve(scenario + ".xml").toAbsolutePath().toString()));
    command.addAll(List.of("-i", host(address)));
    command.addAll(List.of("-p", String.valueOf(address.getPort())));
    command.addAll(List.of("-t", tcp ? "t1" : "u1"));
    command.addAll(List.of("-m", "1", "-nostdin"));
    // What SIPp does by itself would not be in the scenario; a surprise ends it at once, unless
    // datagrams get lost.
    command.addAll(lossy ? List.of("-nd") : List.of("-default_behaviors", "abortunexp"));
    command.addAll(List.of("-s", user, "-au", user, "-ap", password, "-auth_uri", requestUri()));
    if (!tcp) {
      // What the harness sends to SIPp must not become the place that SIPp answers to.
      command.addAll(List.of("-rsa", host(server) + ":" + server.getPort()));
    }
    command.addAll(List.of("-timeout", LIMIT.toSeconds() + "s", "-timeout_error"));
    command.addAll(List.of("-trace_msg", "-message_file", traces.toAbsolutePath().toString()));
    command.addAll(List.of("-trace_err", "-error_file", errors.toAbsolutePath().toString()));
    keys.forEach((name, value) -> command.addAll(List.of("-key", name, value)));
    return command;
  }

  /// The digest's `uri` without its scheme: SIPp would take the server's address (RFC 7616 §3.4.6).
  private String requestUri() {
    String domain = ServerSetup.DOMAIN;
    return scenario.startsWith("caller") ? keys.get("callee") + "@" + domain : domain;
  }

  private static String host(InetSocketAddress address) {
    return address.getAddress().getHostAddress();
  }

  /// A port that is free for UDP and for TCP. SIPp cannot be given port 0 and tell the port it got.
  static int freePort(InetAddress address) throws IOException {
    for (int tries = 0; tries < PORT_TRIES; tries++) {
      try (DatagramSocket udp = new DatagramSocket(0, address);
          ServerSocket tcp = new ServerSocket()) {
        tcp.bind(new InetSocketAddress(address, udp.getLocalPort()));
        return tcp.getLocalPort();
      } catch (SocketException takenForTcp) {
        if (tries == PORT_TRIES - 1) {
          throw takenForTcp;
        }
      }
    }
    throw new IllegalStateException("unreachable");
  }
}
