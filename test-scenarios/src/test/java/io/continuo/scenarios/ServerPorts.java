package io.continuo.scenarios;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for the servers of tests. They lie below those that a system hands out by itself (Linux:
/// from 32768), so that a server that was killed finds its own free when it starts again, whatever
/// clients and test JVMs beside it open meanwhile.
///
/// Each JVM that Failsafe starts has a part of its own and begins at a random place in it: other
/// builds may run on the same machine. Threading: any.
final class ServerPorts {
  private static final int FIRST = 16_000;
  private static final int PARTS = 4;

  /// Of one JVM; the last part ends at 32000.
  private static final int COUNT = 4_000;

  /// By the test JVM's number: `fork-1`, `fork-2`, …
  private static final int PART =
      Integer.parseInt(System.getProperty("continuo.fork", "fork-0").substring("fork-".length()))
          % PARTS;

  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private ServerPorts() {}

  /// One that is free for TCP and for UDP, on every address.
  static int free() throws IOException {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + PART * COUNT + NEXT.getAndIncrement() % COUNT;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("none of %d ports is free".formatted(COUNT));
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket _ = new ServerSocket(port);
        DatagramSocket _ = new DatagramSocket(port)) {
      return true;
    } catch (SocketException taken) {
      return false;
    }
  }
}
