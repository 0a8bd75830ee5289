package io.continuo.sipp;

import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A device played by SIPp: one UDP port, one `+sip.instance`, one MSRP endpoint.
final class SippDevice implements AutoCloseable {
  private final String user;
  private final String password;
  private final InetSocketAddress server;
  private final InetSocketAddress local;
  private final MsrpEndpoint msrp;
  private final Path traces;
  private final boolean lossy;
  private final String instance = UUID.randomUUID().toString();
  private final List<SippRun> runs = new ArrayList<>();

  /// @param server where it sends to: the server, or a forwarder before it
  /// @param lossy whether that loses datagrams
  SippDevice(String user, String password, InetSocketAddress server, boolean lossy, Path traces)
      throws IOException {
    this.user = user;
    this.password = password;
    this.server = server;
    this.lossy = lossy;
    this.traces = traces;
    InetAddress host = InetAddress.getLoopbackAddress();
    this.local = new InetSocketAddress(host, Sipp.freePort(host));
    this.msrp = MsrpEndpoint.listen();
  }

  /// Registers and waits for the 200. Another SIPp listens afterwards, on the same port.
  SippRun registers() throws IOException {
    return run("register").succeeds();
  }

  SippRun registersOverTcp() throws IOException {
    return start(sipp("register").overTcp()).succeeds();
  }

  SippRun accepts() throws IOException {
    return run("device-accepts");
  }

  SippRun acceptsWhenTold() throws IOException {
    return run("device-accepts-when-told");
  }

  SippRun acceptsAndLeavesWhenTold() throws IOException {
    return run("device-accepts-then-user-leaves");
  }

  SippRun rejects() throws IOException {
    return run("device-rejects");
  }

  SippRun ringsUntilCancelled() throws IOException {
    return run("device-rings-until-cancelled");
  }

  SippRun isRefreshedByUpdate() throws IOException {
    return run("device-is-refreshed-by-update");
  }

  SippRun refusesItsRefresh() throws IOException {
    return run("device-refuses-its-refresh");
  }

  SippRun forgotItsDialog() throws IOException {
    return run("device-forgot-its-dialog");
  }

  SippRun ignoresItsRefresh() throws IOException {
    return run("device-ignores-its-refresh");
  }

  /// Invites and stays until the server hangs up.
  SippRun invites(String callee) throws IOException {
    return start(sipp("caller-invites").key("callee", callee));
  }

  /// The same over one TCP connection.
  SippRun invitesOverTcp(String callee) throws IOException {
    return start(sipp("caller-invites").overTcp().key("callee", callee));
  }

  SippRun invitesAndLeavesWhenTold(String callee) throws IOException {
    return start(sipp("caller-invites-then-user-leaves").key("callee", callee));
  }

  SippRun invitesAndCancelsWhenTold(String callee) throws IOException {
    return start(sipp("caller-cancels").key("callee", callee));
  }

  /// What the server said to it, in all its scenarios. What [SippRun#goesOn] sent is not.
  List<TracedMessage> received() throws IOException {
    List<TracedMessage> all = new ArrayList<>();
    for (SippRun run : runs) {
      run.messages().stream()
          .filter(message -> !message.sent() && !message.firstLine().startsWith("INFO"))
          .forEach(all::add);
    }
    return all;
  }

  MsrpEndpoint msrp() {
    return msrp;
  }

  /// Says something to bob in its chat; the status of the answer.
  int says(String text) throws IOException {
    return msrp.sends("sip:" + user + "@" + ServerSetup.DOMAIN, SippChat.BOBS_ADDRESS, text);
  }

  String instance() {
    return instance;
  }

  Sipp sipp(String scenario) {
    Sipp sipp = Sipp.scenario(scenario, server, user);
    return (lossy ? sipp.overLossyNetwork() : sipp)
        .password(password)
        .at(local)
        .key("instance", instance)
        .key("msrp_port", String.valueOf(msrp.port()))
        .key("msrp_path", msrp.path());
  }

  SippRun run(String scenario) throws IOException {
    return start(sipp(scenario));
  }

  SippRun start(Sipp sipp) throws IOException {
    SippRun run = sipp.start(traces);
    runs.add(run);
    return run;
  }

  @Override
  public void close() throws IOException {
    runs.forEach(SippRun::close);
    msrp.close();
  }
}
