package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/// What the clients differ in: the questions that each double answers.
abstract class ClientHabits {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /// Which way it connects to the server.
  enum Transport {
    UDP,
    TCP
  }

  /// How it sends receipts, or typing.
  enum Sending {
    IN_SESSION,
    BY_MESSAGE,
    NEVER
  }

  /// Whether it opens the MSRP connection.
  ///
  /// @param peersSetup `a=setup` of the other side
  /// @param offered the double sent the INVITE
  abstract boolean connects(String peersSetup, boolean offered);

  /// The same for one chat, when it depends on more.
  boolean connects(Chat chat, String peersSetup) {
    return connects(peersSetup, chat.offered);
  }

  /// Whether somebody listens where its SDP says, when it does not connect.
  boolean listens() {
    return true;
  }

  /// @param disposition `delivered`, which it sends by itself, or `displayed`
  abstract Sending receipts(String disposition);

  abstract Sending typing();

  /// What its Contact names, and the answer to its REGISTER must.
  abstract String contactHost();

  /// Looks at the answer to its REGISTER.
  void registered(SipMessage answer) {}

  /// How it takes an INVITE: 200, or the status it refuses with.
  int judges(SipMessage invite) {
    return 200;
  }

  /// Its answer to a request within a dialog that is neither ACK nor BYE.
  int answersInDialog(SipMessage request) {
    return 405;
  }

  /// Looks at a BYE.
  void ends(SipMessage bye) {}

  /// Looks at a request or response as strictly as it does, and complains.
  abstract void reads(Chat chat, MsrpMessage message);

  /// Looks at the SDP of the server, offer or answer.
  void readsSdp(Chat chat, SipMessage carrying) {}

  /// Body bytes of a chunk that it sends.
  int chunkSize() {
    return Integer.MAX_VALUE;
  }

  /// Where it sends what it says within a dialog.
  ///
  /// @param accepted the 2xx to its INVITE
  String target(Chat chat, SipMessage accepted) {
    return accepted.address("Contact");
  }

  /// Whether it answers a challenge to its INVITE and MESSAGE; the others give up.
  boolean answersChallenges() {
    return false;
  }

  /// How long it waits for the answer to what it SENDs.
  Duration transactionTime() {
    return PATIENCE;
  }

  /// Now, as it writes it into CPIM and IMDN.
  String date() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /// How it says this text: the end of the title of that SEND.
  String wording(String text) {
    return "text";
  }

  /// The last part of its MSRP path.
  String sessionId() {
    return hex(8);
  }

  String transaction() {
    return hex(8);
  }

  /// Values of its INVITE, or of its answer, that only it has.
  Map<String, String> identifiers(Chat chat) {
    return Map.of();
  }

  Socket connect(Chat chat, String host, int port) throws IOException {
    return new Socket(host, port);
  }

  /// Which of its answers it gives to the INVITE of this chat: the end of their titles.
  String manner(Chat chat) {
    return "";
  }

  /// Looks at a MESSAGE as strictly as it does.
  void readsPage(SipMessage message) {}

  /// Random bytes, for ids.
  abstract String hex(int bytes);
}
