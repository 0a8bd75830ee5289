package io.continuo.sipp;

import io.continuo.scenarios.ServerAddresses;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A server and the SIPp devices of one test. SIPp 3.6 fails when SHA-256 is offered first, hence
/// MD5 first.
final class SippChat implements AutoCloseable {
  static final String ALICE = "alice";
  static final String BOB = "bob";
  static final String BOBS_ADDRESS = "sip:bob@" + ServerSetup.DOMAIN;

  private final ServerProcess server;
  private final Path traces;
  private final List<SippDevice> devices = new ArrayList<>();

  private SippChat(ServerProcess server, Path traces) {
    this.server = server;
    this.traces = traces;
  }

  /// @param test names the folder of the traces, `target/sipp/<test>`
  static SippChat start(String test, Path directory, UnaryOperator<ServerSetup> settings)
      throws IOException {
    ServerSetup setup =
        ServerSetup.in(directory)
            .subscriber(ALICE)
            .subscriber(BOB)
            .with("auth.algorithms", "[MD5, SHA-256]");
    return new SippChat(
        ServerProcess.start(settings.apply(setup)), Path.of("target", "sipp", test));
  }

  ServerAddresses addresses() {
    return server.addresses();
  }

  Path traces() {
    return traces;
  }

  SippDevice device(String user) throws IOException {
    return device(user, ServerSetup.passwordOf(user), addresses().sip());
  }

  /// @param through the server, or a lossy forwarder before it
  SippDevice device(String user, String password, InetSocketAddress through) throws IOException {
    SippDevice device =
        new SippDevice(user, password, through, !through.equals(addresses().sip()), traces);
    devices.add(device);
    return device;
  }

  /// Devices that have registered.
  List<SippDevice> registered(String user, int count) throws IOException {
    List<SippDevice> registered = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SippDevice device = device(user);
      device.registers();
      registered.add(device);
    }
    return registered;
  }

  /// What the devices received over SIP, as in `4 × INVITE, 401, 5 × 200 to REGISTER`. A
  /// retransmission is not counted, nor is a provisional answer.
  String observed() throws IOException {
    Map<String, Set<String>> distinct = new TreeMap<>();
    for (SippDevice device : devices) {
      for (TracedMessage message : device.received()) {
        if (!message.isProvisional()) {
          distinct.computeIfAbsent(message.kind(), kind -> new HashSet<>()).add(message.identity());
        }
      }
    }
    return distinct.entrySet().stream()
        .map(each -> times(each.getValue().size()) + each.getKey())
        .collect(Collectors.joining(", "));
  }

  private static String times(int count) {
    return count == 1 ? "" : count + " × ";
  }

  @Override
  public void close() throws IOException {
    for (SippDevice device : devices) {
      device.close();
    }
    server.close();
  }
}
