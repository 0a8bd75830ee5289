package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The messaging app of LineageOS; its transcript is `lineageos.txt`. It has two ways to hold a
/// session, and which of them meets us is not ours to choose: over the phone's IMS service it
/// offers TLS, answers in kind, and answers `passive` to `actpass` (`SdpAnswer.complementarySetup`)
/// though it listens nowhere; its own SIP stack speaks plain TCP and answers `active`
/// (`CarrierMsrpSessionManager`). Read in its sources, 2026-11.
///
/// What breaks it: TCP in answer to its TLS, another certificate than SDP announced, chunks out of
/// order, a range that differs from the length of its body, a total that changes (it drops the
/// message after having answered 200), being the one that waits for a connection, pager messages
/// over 1300 bytes, a second m-line.
public final class LineageOs extends ClientDouble {
  private static final int CHUNK = 2048;
  private static final int MAX_PAGE = 1300;

  /// Made when it is first needed, and then for all: making keys takes long.
  private static final class Own {
    static final OwnCertificate CERTIFICATE = OwnCertificate.make();
  }

  public LineageOs(Account account) {
    super(account, Transport.TCP);
    own.put("pager-conversation", uuid());
    own.put("pager-contribution", uuid());
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    if (peersSetup.equals("active")) {
      complain("nobody connects: it has no accept loop");
    }
    return true;
  }

  /// Over the IMS service it does as it answered, though nobody can connect to it then.
  @Override
  boolean connects(Chat chat, String peersSetup) {
    boolean waits = !chat.offered && manner(chat).isEmpty() && role(chat).equals("passive");
    return connects(peersSetup, chat.offered) && !waits;
  }

  @Override
  boolean listens() {
    return false;
  }

  /// Its `a=setup` in a TLS answer.
  private static String role(Chat chat) {
    String offered =
        chat.invitation
            .flatMap(invite -> Media.attribute(invite.body(), "setup"))
            .orElse("passive");
    return offered.equals("passive") ? "active" : "passive";
  }

  @Override
  Sending receipts(String disposition) {
    return disposition.equals("delivered") ? Sending.IN_SESSION : Sending.BY_MESSAGE;
  }

  @Override
  Sending typing() {
    return Sending.BY_MESSAGE;
  }

  /// `a=setup` of every INVITE it got.
  public List<String> offeredSetups() {
    synchronized (this) {
      return dialogs.all().stream()
          .flatMap(chat -> chat.invitation.stream())
          .flatMap(invite -> Media.attribute(invite.body(), "setup").stream())
          .toList();
    }
  }

  /// The CPM ids of the latest INVITE it got.
  public List<String> cpmIds() {
    synchronized (this) {
      SipMessage invite = dialogs.current().flatMap(chat -> chat.invitation).orElseThrow();
      return Stream.of("Conversation-ID", "Contribution-ID")
          .flatMap(name -> invite.find(name).stream())
          .toList();
    }
  }

  /// It offers TLS, and answers in kind.
  @Override
  String manner(Chat chat) {
    String offer = chat.invitation.map(SipMessage::body).orElse("TCP/TLS/MSRP");
    return offer.contains("TCP/TLS/MSRP") ? "" : ", plain";
  }

  @Override
  Map<String, String> identifiers(Chat chat) {
    return manner(chat).isEmpty()
        ? Map.of("fingerprint", Own.CERTIFICATE.fingerprint(), "setup", role(chat))
        : Map.of();
  }

  @Override
  Socket connect(Chat chat, String host, int port) throws IOException {
    if (!chat.peerPath.startsWith("msrps:")) {
      return super.connect(chat, host, port);
    }
    String announced =
        Media.attribute(chat.peerSdp, "fingerprint")
            .orElseThrow(() -> new AssertionError("TLS without a fingerprint: " + chat.peerSdp));
    return Own.CERTIFICATE.connect(host, port, announced);
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    if (chat.offered && !carrying.body().contains("TCP/TLS/MSRP")) {
      complain("it refuses TCP for the TLS it offered: " + carrying.body());
    }
    if (carrying.body().split("(?m)^m=").length != 2) {
      complain("it reads one m-line only: " + carrying.body());
    }
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    if (message.isResponse() || !message.kind().equals("SEND")) {
      return;
    }
    Optional<MsrpMessage.Range> range = message.range();
    long before = soFar(chat, message);
    long length = message.body().map(String::length).orElse(0);
    if (range.isEmpty() || range.get().start() != before + 1) {
      complain("it drops what is out of order, after " + before + ": " + message.raw());
    } else if (range.get().end() >= 0 && range.get().end() != before + length) {
      complain("it drops a range that is not its body: " + message.raw());
    } else if (message.flag() == '$'
        && range.get().total() >= 0
        && range.get().total() != before + length) {
      complain("it drops what is not the declared total: " + message.raw());
    }
  }

  private static long soFar(Chat chat, MsrpMessage message) {
    StringBuilder joined = chat.unfinished.get(message.header("Message-ID"));
    return joined == null ? 0 : joined.length();
  }

  @Override
  void readsPage(SipMessage message) {
    if (message.body().length() > MAX_PAGE) {
      complain("a pager message of " + message.body().length() + " bytes");
    }
  }

  @Override
  int chunkSize() {
    return CHUNK;
  }

  @Override
  String transaction() {
    return hex(16);
  }

  @Override
  String sessionId() {
    return hex(16);
  }
}
