package io.continuo.clients.doubles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One dialog of a double and the MSRP session agreed in it.
///
/// Threading: guarded by the double's lock.
final class Chat {
  private static final int CONNECTIONS = 1;

  /// The double sent the INVITE.
  final boolean offered;

  final String callId;
  final String localTag;
  final ServerSocket listening = listen();
  final String sessionId;

  /// Statuses of MSRP requests, by transaction.
  final Map<String, Integer> answers = new HashMap<>();

  /// Bodies whose last chunk has not come, by Message-ID.
  final Map<String, StringBuilder> unfinished = new LinkedHashMap<>();

  String remoteTag = "";

  /// Where in-dialog requests go: the Contact of the server.
  String target = "";

  /// The address of the other side, as From or To named it.
  String peer = "";

  String ownPath = "";
  String peerPath = "";
  String peerSdp = "";
  int cseq;
  String ack = "";
  Optional<MsrpLink> link = Optional.empty();
  Optional<SipMessage> invitation = Optional.empty();
  boolean begun;
  boolean bound;
  boolean over;

  Chat(boolean offered, String callId, String localTag, String sessionId) {
    this.offered = offered;
    this.callId = callId;
    this.localTag = localTag;
    this.sessionId = sessionId;
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Whoever connects is refused.
  void listensNowhere() {
    try {
      listening.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  void close() {
    over = true;
    link.ifPresent(MsrpLink::close);
    try {
      listening.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
