package io.continuo.scenarios.language;

import io.continuo.device.ladder.Drawing;
import io.continuo.device.ladder.Ladder;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the devices of one scenario have in common: the server, the ladder, and what was said under
/// which Message-ID.
final class Stage implements AutoCloseable {
  private final ServerUnderTest server;
  private final Ladder ladder = new Ladder("continuo");
  private final List<ScenarioDevice> devices = new ArrayList<>();
  private final Map<String, Person> people = new HashMap<>();
  private final Map<String, String> messageIds = new ConcurrentHashMap<>();
  private final Observations observations = new Observations();
  private final Set<Proxy> proxies = new LinkedHashSet<>();
  private boolean serverUp = true;

  Stage(ServerUnderTest server) {
    this.server = server;
  }

  Ladder ladder() {
    return ladder;
  }

  Observations observations() {
    return observations;
  }

  InetSocketAddress sip() {
    return server.sip();
  }

  Person person(String name) {
    return people.computeIfAbsent(name, unseen -> new Person(unseen, this));
  }

  ScenarioDevice device(Person owner, String name) {
    ScenarioDevice device = new ScenarioDevice(owner, name, this);
    devices.add(device);
    return device;
  }

  void closing(Proxy proxy) {
    proxies.add(proxy);
  }

  void said(String text, String messageId) {
    messageIds.put(text, messageId);
  }

  String messageId(String text) {
    return Objects.requireNonNull(messageIds.get(text), () -> "nobody said: " + text);
  }

  /// The server as scenarios see it: the stage knows when it is down.
  ServerUnderTest server() {
    return new ServerUnderTest() {
      @Override
      public InetSocketAddress sip() {
        return server.sip();
      }

      @Override
      public void kill() {
        serverUp = false;
        ladder.note(ladder.server(), "✗ killed");
        server.kill();
        devices.forEach(ScenarioDevice::serverDied);
      }

      @Override
      public void stop() {
        serverUp = false;
        ladder.note(ladder.server(), "is told to stop");
        server.stop();
      }

      @Override
      public void restart() {
        server.restart();
        devices.forEach(ScenarioDevice::serverIsAnother);
        ladder.note(ladder.server(), "starts again");
        serverUp = true;
      }

      @Override
      public List<String> output() {
        return server.output();
      }

      @Override
      public void close() {
        throw new IllegalStateException("the scenario closes its server itself");
      }
    };
  }

  /// Passes a barrier through every chat that every device is in, and through every registration:
  /// what was on its way to any device has arrived.
  void settle() {
    if (serverUp) {
      devices.forEach(ScenarioDevice::passBarrier);
      devices.forEach(ScenarioDevice::passOptions);
    }
  }

  /// Fails when a device was told something that the scenario did not look at.
  void expectNothingUnread() {
    settle();
    List<String> left = devices.stream().flatMap(device -> device.unread().stream()).toList();
    if (!left.isEmpty()) {
      throw new AssertionError("left unread at the end:\n  " + String.join("\n  ", left));
    }
  }

  String drawing() {
    return Drawing.of(ladder);
  }

  @Override
  public void close() {
    devices.forEach(ScenarioDevice::close);
    proxies.forEach(Proxy::close);
    server.close();
  }
}
