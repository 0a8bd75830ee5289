package io.continuo.sipp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// A UDP hop between SIPp and the server that loses datagrams, as a seed says, and counts those it
/// saw again: retransmissions. Each client has its own socket towards the server, so answers and
/// the server's own requests find their way back (rport, RFC 3581).
///
/// Losses are drawn for each direction of each client in the order of its datagrams, never more
/// than [#MAX_LOST_IN_A_ROW], so that a transaction always gets through before its timer F.
final class LossyForwarder implements AutoCloseable {
  static final int MAX_LOST_IN_A_ROW = 3;

  private static final int MAX_DATAGRAM = 65_535;
  private static final int MAX_CLIENTS = 64;

  private final DatagramChannel front;
  private final InetSocketAddress server;
  private final long seed;
  private final double loss;
  private final Map<SocketAddress, DatagramChannel> backs = new HashMap<>();
  private final List<Direction> directions = new ArrayList<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();

  private LossyForwarder(DatagramChannel front, InetSocketAddress server, long seed, double loss) {
    this.front = front;
    this.server = server;
    this.seed = seed;
    this.loss = loss;
  }

  /// Listens on a free port of 127.0.0.1.
  static LossyForwarder towards(InetSocketAddress server, long seed, double loss)
      throws IOException {
    DatagramChannel front = open();
    LossyForwarder forwarder = new LossyForwarder(front, server, seed, loss);
    Thread.ofPlatform().daemon().name("lossy front").start(forwarder::forwardFromClients);
    return forwarder;
  }

  private static DatagramChannel open() throws IOException {
    return DatagramChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /// What SIPp is told is the server.
  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) front.getLocalAddress();
  }

  /// Datagrams that did not arrive.
  int lost() {
    return lost.get();
  }

  /// Datagrams that were sent again, in both directions.
  int retransmissions() {
    return repeated.get();
  }

  private void forwardFromClients() {
    Map<SocketAddress, Direction> inward = new HashMap<>();
    try {
      for (; ; ) {
        ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
        SocketAddress client = front.receive(datagram);
        DatagramChannel back = backOf(client);
        if (inward.computeIfAbsent(client, _ -> newDirection()).passes(datagram.flip())) {
          back.send(datagram, server);
        }
      }
    } catch (ClosedChannelException end) {
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized DatagramChannel backOf(SocketAddress client) throws IOException {
    DatagramChannel known = backs.get(client);
    if (known != null) {
      return known;
    }
    if (backs.size() == MAX_CLIENTS) {
      throw new IllegalStateException("more than " + MAX_CLIENTS + " clients");
    }
    DatagramChannel back = open();
    backs.put(client, back);
    Direction outward = newDirection();
    Thread.ofPlatform()
        .daemon()
        .name("lossy back")
        .start(() -> forwardFromServer(back, client, outward));
    return back;
  }

  private void forwardFromServer(DatagramChannel back, SocketAddress client, Direction outward) {
    try {
      for (; ; ) {
        ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
        back.receive(datagram);
        if (outward.passes(datagram.flip())) {
          front.send(datagram, client);
        }
      }
    } catch (ClosedChannelException end) {
      return;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized Direction newDirection() {
    Direction direction = new Direction(new Random(seed * 31 + directions.size()));
    directions.add(direction);
    return direction;
  }

  /// One way of one client. Threading: the thread that forwards this way.
  private final class Direction {
    private final Random random;
    private final Set<Integer> seen = new HashSet<>();
    private int inARow;

    Direction(Random random) {
      this.random = random;
    }

    boolean passes(ByteBuffer datagram) {
      if (!seen.add(datagram.hashCode())) {
        repeated.incrementAndGet();
      }
      if (random.nextDouble() < loss && inARow < MAX_LOST_IN_A_ROW) {
        inARow++;
        lost.incrementAndGet();
        return false;
      }
      inARow = 0;
      return true;
    }
  }

  @Override
  public synchronized void close() throws IOException {
    front.close();
    for (DatagramChannel back : backs.values()) {
      back.close();
    }
  }
}
