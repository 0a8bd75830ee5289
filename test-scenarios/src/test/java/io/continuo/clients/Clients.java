package io.continuo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.clients.doubles.Account;
import io.continuo.clients.doubles.ClientDouble;
import io.continuo.clients.doubles.Said;
import io.continuo.clients.doubles.Wiretap;
import io.continuo.scenarios.ServerProcess;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// A server and the doubles of one test class. MD5 is offered first: none of these clients looks at
/// a second challenge.
final class Clients implements AutoCloseable {
  /// Two people for each story, so that no story sees another's conversation.
  private static final int STORIES = 6;

  private final ServerProcess server;
  private final List<ClientDouble> doubles = new ArrayList<>();

  private Clients(ServerProcess server) {
    this.server = server;
  }

  static Clients start(Path directory) throws IOException {
    return start(directory, Map.of());
  }

  /// With MSRP over TLS, too; making the server's key takes a while.
  static Clients startWithTls(Path directory) throws IOException {
    return start(directory, Map.of("msrp.transports", "[tcp, tls]", "msrp.tls-port", "0"));
  }

  /// @param settings by documented key
  static Clients start(Path directory, Map<String, String> settings) throws IOException {
    ServerSetup setup = ServerSetup.in(directory).with("auth.algorithms", "[MD5, SHA-256]");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      setup = setup.with(setting.getKey(), setting.getValue());
    }
    for (int story = 1; story <= STORIES; story++) {
      setup = setup.subscriber("alice" + story).subscriber("bob" + story);
    }
    return new Clients(ServerProcess.start(setup));
  }

  /// @param make the constructor of the double
  <T extends ClientDouble> T registered(String user, Function<Account, T> make) {
    T made =
        make.apply(
            new Account(
                user,
                ServerSetup.passwordOf(user),
                ServerSetup.DOMAIN,
                server.addresses().sip(),
                server.process()::told));
    doubles.add(made);
    made.registers();
    return made;
  }

  /// One says something, the other is shown it, and the first is told of both.
  static void isSaidAndRead(ClientDouble author, String text, ClientDouble reader) {
    String id = author.says(text);
    Said said = reader.hears(text);
    author.isTold(id, "delivered");
    reader.shows(said);
    author.isTold(id, "displayed");
  }

  /// Two chat: `alice2`, who invites and says all of it, and `bob2`. Then another device of `bob2`
  /// comes: it is invited, sent what was said, in order, and takes part.
  ///
  /// @param make the constructor of the one that comes late
  <T extends ClientDouble> T comesLate(
      Function<Account, T> make, ClientDouble caller, ClientDouble early, String... said) {
    caller.invites("bob2");
    early.isInvited();
    for (String text : said) {
      caller.says(text);
    }
    early.hears(said[said.length - 1]);

    T late = registered("bob2", make);
    late.isInvited();
    for (String text : said) {
      late.hears(text);
    }
    assertThat(late.shown()).extracting(Said::text).containsExactly(said);
    late.says("here I am");
    caller.hears("here I am");
    early.hears("here I am");
    return late;
  }

  /// Where the server takes SIP in another way, as `sip-wss`.
  InetSocketAddress listening(String key) {
    return server.addresses().named(key);
  }

  static String address(String user) {
    return "sip:" + user + "@" + ServerSetup.DOMAIN;
  }

  /// Everything that these doubles said is in their transcripts, and everything that is in a
  /// transcript was said by one of them.
  static void followTheTranscript(List<? extends ClientDouble> sameKind) {
    TreeSet<String> said = new TreeSet<>();
    for (ClientDouble each : sameKind) {
      each.wiretap().heard().stream()
          .filter(Wiretap.Heard::byDouble)
          .forEach(message -> said.add(each.transcript().titleOf(message.bytes())));
    }
    assertThat(said).isEqualTo(new TreeSet<>(sameKind.getFirst().transcript().titles()));
  }

  /// Waits until no double has a receipt on its way, so that the end of a chat crosses none.
  void areAtRest() {
    doubles.forEach(ClientDouble::isAtRest);
  }

  List<Wiretap.Heard> heard() {
    return doubles.stream().flatMap(each -> each.wiretap().heard().stream()).toList();
  }

  @Override
  public void close() {
    try {
      doubles.forEach(ClientDouble::close);
    } catch (UncheckedIOException failed) {
      throw new AssertionError(failed);
    } finally {
      server.close();
    }
  }
}
