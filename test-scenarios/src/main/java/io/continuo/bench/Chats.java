package io.continuo.bench;

import io.continuo.bench.BenchFiles.Subscriber;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Brings the chats up, one after the other: all four devices register, alice's phone invites bob,
/// everybody accepts and binds.
final class Chats {
  private static final int DEVICES = 4;

  private Chats() {}

  /// @param subscribers alice and bob of the first chat, then of the second, …
  /// @param devices phone and tablet of the first subscriber, then of the second, …
  static void establish(Selecting run, List<Subscriber> subscribers, List<Signalling> devices)
      throws IOException {
    devices.forEach(Signalling::register);
    for (int chat = 0; chat < devices.size() / DEVICES; chat++) {
      Subscriber alice = subscribers.get(2 * chat);
      Subscriber bob = subscribers.get(2 * chat + 1);
      List<Signalling> four = devices.subList(DEVICES * chat, DEVICES * (chat + 1));
      four.getFirst().invite(bob.address());
      List<Link> links = new ArrayList<>();
      for (Signalling device : four) {
        links.add(Link.connect(device.awaitServerPath(), device.ownPath()));
      }
      run.bind(links);
      run.add(new Talk(chat, run, links, alice.address(), bob.address()));
    }
  }
}
