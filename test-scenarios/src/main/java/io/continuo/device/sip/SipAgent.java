package io.continuo.device.sip;

import static io.continuo.device.ladder.LadderEvent.Kind.SIP;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The device's SIP user agent core: it sends requests and matches their answers, absorbs repeats
/// (RFC 3261 §17), and tells its [SipUser] of new requests.
///
/// Threading: any thread may send; every connection has its own reader thread.
public final class SipAgent implements AutoCloseable {
  /// Server transactions remembered to answer repeats; the oldest are forgotten first.
  static final int MAX_SERVER_TRANSACTIONS = 2_000;

  private final SipSockets sockets;
  private final Repeats repeats = new Repeats();
  private final Ladder.Lane lane;
  private final Wiretap wiretap;
  private final SipUser user;
  private final Map<String, ClientTransaction> clients = new ConcurrentHashMap<>();
  private final Map<String, ServerTransaction> servers =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ServerTransaction> eldest) {
          return size() > MAX_SERVER_TRANSACTIONS;
        }
      };

  /// @param transport what the device registers and listens with
  /// @param server where every request outside a dialog goes
  /// @param host the address to listen at and to connect from; empty: the one that faces the server
  public SipAgent(
      Transport transport,
      InetSocketAddress server,
      Optional<String> host,
      Ladder.Lane lane,
      Wiretap wiretap,
      SipUser user) {
    this.lane = lane;
    this.wiretap = wiretap;
    this.user = user;
    this.sockets = new SipSockets(transport, server, host, this::read);
  }

  /// What a device speaks SIP over.
  public enum Transport {
    TCP,
    UDP
  }

  /// Where the device listens.
  public InetSocketAddress local() {
    return sockets.local();
  }

  public Transport transport() {
    return sockets.transport();
  }

  /// Sends a request to the server.
  public ClientTransaction send(SipRequest request, Consumer<SipResponse> listener) {
    return send(request, sockets.toServer(), listener);
  }

  /// Sends a request within a dialog, over the flow of that dialog when it is still there.
  public ClientTransaction send(
      SipRequest request, SipDialog dialog, Consumer<SipResponse> listener) {
    return send(request, sockets.to(dialog), listener);
  }

  /// Sends and waits for the final answer.
  ///
  /// @throws NotInTime when none came
  public SipResponse call(SipRequest request, @Nullable SipDialog dialog, Duration patience) {
    CompletableFuture<SipResponse> answer = new CompletableFuture<>();
    Consumer<SipResponse> listener =
        response -> {
          if (!response.isProvisional()) {
            answer.complete(response);
          }
        };
    SipFlow flow = dialog == null ? sockets.toServer() : sockets.to(dialog);
    send(request, flow, listener);
    return NotInTime.await(answer, patience, "an answer to " + SipLabel.of(request));
  }

  private ClientTransaction send(SipRequest request, SipFlow flow, Consumer<SipResponse> listener) {
    SipRequest sent = request.with(request.headers().withFirst("Via", via()));
    ClientTransaction transaction = new ClientTransaction(sent, flow, listener);
    String key = sent.branch() + sent.method();
    clients.put(key, transaction);
    write(flow, sent);
    transaction.repeatWith(
        repeats.request(transaction, () -> write(flow, sent), () -> timeOut(transaction)));
    return transaction;
  }

  private String via() {
    return "SIP/2.0/"
        + transport()
        + " "
        + sockets.hostPort()
        + ";branch=z9hG4bK"
        + SipText.random(10)
        + ";rport";
  }

  private void timeOut(ClientTransaction transaction) {
    boolean invite = transaction.request().method().equals("INVITE");
    if (transaction.finished() || !invite) {
      clients.remove(transaction.request().branch() + transaction.request().method());
    }
    if (!transaction.finished() && !(invite && transaction.answered())) {
      lane.note("no answer to " + SipLabel.of(transaction.request()));
      transaction.receive(transaction.request().answer(408, ""));
    }
  }

  /// ACKs a 2xx (RFC 3261 §13.2.2.4); the same ACK goes again when the 2xx does.
  public void acknowledge(ClientTransaction invite, SipDialog dialog) {
    acknowledge(invite, dialog, new byte[0]);
  }

  /// The same with the answer to an offer in the 2xx (§13.2.1); empty: none.
  public void acknowledge(ClientTransaction invite, SipDialog dialog, byte[] sdp) {
    SipRequest ack = dialog.ack(invite.request().sequence(), sdp);
    SipRequest sent = ack.with(ack.headers().withFirst("Via", via()));
    SipFlow flow = sockets.to(dialog);
    invite.acknowledgedBy(sent.bytes());
    write(flow, sent);
  }

  /// Gives up an INVITE (RFC 3261 §9.1).
  public void cancel(ClientTransaction invite, SipHeaders extra, Consumer<SipResponse> listener) {
    SipRequest cancel = withExtra(SipDialog.sameTransaction("CANCEL", invite.request(), ""), extra);
    ClientTransaction transaction = new ClientTransaction(cancel, invite.flow(), listener);
    clients.put(cancel.branch() + "CANCEL", transaction);
    write(invite.flow(), cancel);
  }

  private static SipRequest withExtra(SipRequest request, SipHeaders extra) {
    return request.with(request.headers().with(extra));
  }

  private void read(SipFlow flow, byte[] bytes) {
    wiretap.received(SIP, bytes);
    try {
      switch (SipReader.parse(bytes)) {
        case SipResponse response -> answered(response);
        case SipRequest request -> asked(flow, request);
      }
    } catch (RuntimeException wrong) {
      lane.note("could not take a SIP message: " + wrong);
      throw wrong;
    }
  }

  private void answered(SipResponse response) {
    lane.received(SIP, SipLabel.of(response));
    ClientTransaction transaction = clients.get(response.branch() + response.method());
    if (transaction == null) {
      lane.note("an answer to nothing");
      return;
    }
    if (response.method().equals("INVITE") && response.status() >= 300) {
      String to = response.headers().required("To");
      write(transaction.flow(), SipDialog.sameTransaction("ACK", transaction.request(), to));
    }
    transaction.receive(response);
    if (!response.isProvisional() && !response.method().equals("INVITE")) {
      clients.remove(response.branch() + response.method());
    }
  }

  private void asked(SipFlow flow, SipRequest request) {
    lane.received(SIP, SipLabel.of(request));
    switch (request.method()) {
      case "ACK" -> acknowledged(request);
      case "CANCEL" -> cancelled(flow, request);
      default -> {
        ServerTransaction fresh = new ServerTransaction(request, flow, this, repeats::answer);
        Optional<ServerTransaction> known = remember(request, fresh);
        known.ifPresentOrElse(ServerTransaction::repeated, () -> user.requested(fresh));
      }
    }
  }

  private Optional<ServerTransaction> remember(SipRequest request, ServerTransaction fresh) {
    synchronized (servers) {
      return Optional.ofNullable(servers.putIfAbsent(request.branch() + request.method(), fresh));
    }
  }

  private void acknowledged(SipRequest ack) {
    synchronized (servers) {
      servers.values().stream()
          .filter(t -> t.request().method().equals("INVITE"))
          .filter(t -> t.request().callId().equals(ack.callId()))
          .filter(t -> t.request().sequence() == ack.sequence())
          .forEach(ServerTransaction::acknowledged);
    }
    user.acknowledged(ack);
  }

  private void cancelled(SipFlow flow, SipRequest cancel) {
    ServerTransaction invite;
    synchronized (servers) {
      invite = servers.get(cancel.branch() + "INVITE");
    }
    write(flow, cancel.answer(invite == null ? 481 : 200, SipText.random(8)));
    if (invite != null && !invite.isAnswered()) {
      user.cancelled(invite, cancel);
    }
  }

  /// Writes a message and records it.
  void write(SipFlow flow, SipMessage message) {
    byte[] bytes = message.bytes();
    wiretap.sent(SIP, bytes);
    lane.sent(SIP, SipLabel.of(message));
    flow.send(bytes);
  }

  /// Closes the connection to the server, as a network does that went away.
  public void dropServerConnection() {
    sockets.dropServer();
  }

  @Override
  public void close() {
    repeats.close();
    sockets.close();
  }
}
