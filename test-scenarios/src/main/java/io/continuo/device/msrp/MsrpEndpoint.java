package io.continuo.device.msrp;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import io.continuo.device.sip.SipText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The device's MSRP port and its sessions.
///
/// Threading: any thread.
public final class MsrpEndpoint implements AutoCloseable, MsrpConnection.Listener {
  /// How long a connect may take, in milliseconds.
  static final int CONNECT_TIMEOUT = 5_000;

  private final ServerSocket listener;
  private final Ladder.Lane lane;
  private final Wiretap wiretap;
  private final MsrpUser user;
  private final Map<String, MsrpSession> sessions = new ConcurrentHashMap<>();
  private final Set<MsrpConnection> connections = ConcurrentHashMap.newKeySet();

  /// Listens on a free port of `host`.
  public MsrpEndpoint(InetAddress host, Ladder.Lane lane, Wiretap wiretap, MsrpUser user) {
    this.lane = lane;
    this.wiretap = wiretap;
    this.user = user;
    try {
      listener = new ServerSocket(0, 50, host);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    Thread.ofVirtual().name("msrp-listen-" + listener.getLocalPort()).start(this::accept);
  }

  public String host() {
    return listener.getInetAddress().getHostAddress();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// A new session with an id of 128 random bits (RFC 4975 §14.1 asks for 80).
  public MsrpSession open() {
    String id = SipText.random(16);
    String path =
        "msrp://" + SipText.host(listener.getInetAddress()) + ":" + port() + "/" + id + ";tcp";
    MsrpSession session = new MsrpSession(this, id, path, user);
    sessions.put(id, session);
    return session;
  }

  void forget(String id) {
    sessions.remove(id);
  }

  MsrpConnection connect(String peerUri) {
    URI uri = URI.create(peerUri.replaceAll(";.*", ""));
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(listener.getInetAddress(), 0));
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), CONNECT_TIMEOUT);
    } catch (IOException refused) {
      throw new UncheckedIOException("no MSRP connection to " + peerUri, refused);
    }
    return started(socket);
  }

  private MsrpConnection started(Socket socket) {
    MsrpConnection connection = new MsrpConnection(socket, this, lane, wiretap);
    connections.add(connection);
    connection.start();
    return connection;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        started(socket);
      } catch (IOException closed) {
        // The listener was closed, or the peer left before it was accepted.
        continue;
      }
    }
  }

  @Override
  public void requested(MsrpConnection connection, MsrpFrame.Request request) {
    MsrpSession session = sessions.get(request.sessionId());
    if (session != null) {
      session.requested(connection, request);
    } else if (!request.method().equals("REPORT")) {
      connection.write(MsrpFrames.response(request, 481));
    }
  }

  @Override
  public void closed(MsrpConnection connection) {
    connections.remove(connection);
    List.copyOf(sessions.values()).forEach(session -> session.closed(connection));
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      connections.forEach(MsrpConnection::close);
    }
  }
}
