package io.continuo.clients.doubles;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The SIP side of a double: requests and answers from its transcript, and its chats.
///
/// Threading: as [ClientDouble] says.
final class Dialogs {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;

  private final ClientDouble client;
  private final Map<String, Chat> chats = new LinkedHashMap<>();

  /// Answers by method and branch, for a request that comes again.
  private final Map<String, String> answers = new HashMap<>();

  Dialogs(ClientDouble client) {
    this.client = client;
  }

  /// The latest chat.
  Optional<Chat> current() {
    return chats.values().stream().reduce((first, second) -> second);
  }

  /// In the order in which they began.
  List<Chat> all() {
    return List.copyOf(chats.values());
  }

  void close() {
    chats.values().forEach(Chat::close);
  }

  /// A whole message of the transcript, with its Content-Length.
  String request(String title, Map<String, String> values) {
    Map<String, String> all = new HashMap<>(client.own);
    all.put("branch", client.hex(8));
    all.putAll(values);
    String text = client.transcript.message(title, all);
    int end = text.indexOf("\r\n\r\n");
    String head = end < 0 ? text : text.substring(0, end);
    String body = end < 0 ? "" : text.substring(end + 4);
    if (body.startsWith("v=0") || body.startsWith("--")) {
      body += "\r\n";
    }
    String whole = head.replace("{length}", String.valueOf(body.length())) + "\r\n\r\n" + body;
    if (whole.matches("(?s).*\\{[a-z-]+}.*")) {
      throw new AssertionError("not all is said in: " + whole);
    }
    return whole;
  }

  // As the one who invites.

  /// @param enclosed values of a message that goes with the INVITE; empty for none
  Chat invite(String address, Map<String, String> enclosed) {
    Chat chat = new Chat(true, client.hex(10), client.hex(5), client.sessionId());
    chat.peer = address;
    synchronized (client) {
      chats.put(chat.callId, chat);
    }
    chat.cseq++;
    Map<String, String> values = values(chat);
    values.putAll(client.media.description(chat, values));
    values.putAll(enclosed);
    String title = enclosed.isEmpty() ? "INVITE" : "INVITE with a message";
    SipMessage answer = invite(chat, title, values);
    if (answer.status() == UNAUTHORIZED && client.answersChallenges()) {
      client.sip.send(request("ACK to a refusal", refused(values, answer)));
      chat.cseq++;
      values.put("cseq", String.valueOf(chat.cseq));
      values.putAll(client.credentials(answer, "INVITE", address));
      answer = invite(chat, "INVITE with credentials", values);
    }
    if (answer.status() != OK) {
      throw new AssertionError(client + " gives up: its INVITE was answered " + answer);
    }
    return chat;
  }

  private SipMessage invite(Chat chat, String title, Map<String, String> values) {
    values.put("branch", client.hex(8));
    client.sip.send(request(title, values));
    return client.response(chat.callId, chat.cseq);
  }

  /// An ACK to a refusal has the branch of its INVITE (RFC 3261 §17.1.1.3).
  private static Map<String, String> refused(Map<String, String> values, SipMessage answer) {
    Map<String, String> all = new HashMap<>(values);
    all.put("to", answer.header("To"));
    return all;
  }

  /// A response came. A 2xx to an INVITE is acknowledged each time it comes.
  void answered(SipMessage response) {
    Chat chat = chats.get(response.callId());
    if (chat == null || response.status() != OK || !response.method().equals("INVITE")) {
      return;
    }
    if (chat.ack.isEmpty()) {
      chat.remoteTag = response.tag("To");
      chat.target = client.target(chat, response);
      chat.ack = request("ACK", values(chat));
      client.sip.send(chat.ack);
      client.media.agreed(chat, response);
    } else {
      client.sip.send(chat.ack);
    }
  }

  void bye(Chat chat) {
    chat.cseq++;
    Map<String, String> values = values(chat);
    client.sip.send(request("BYE", values));
    SipMessage answer = client.response(chat.callId, chat.cseq);
    if (answer.status() != OK) {
      throw new AssertionError("BYE was answered " + answer);
    }
  }

  /// A request outside of dialogs, to the other side of this chat.
  void message(Chat chat, String title, Map<String, String> more) {
    Map<String, String> values = new HashMap<>(more);
    values.put("call-id", client.hex(10));
    values.put("from-tag", client.hex(5));
    values.put("cseq", "1");
    values.put("peer", chat.peer);
    client.sip.send(request(title, values));
    SipMessage answer = client.response(values.get("call-id"), 1);
    if (answer.status() == UNAUTHORIZED && client.answersChallenges()) {
      values.put("cseq", "2");
      values.putAll(client.credentials(answer, "MESSAGE", chat.peer));
      client.sip.send(request(title + ", with credentials", values));
      answer = client.response(values.get("call-id"), 2);
    }
    if (answer.status() / 100 != 2) {
      client.complain("its MESSAGE was answered " + answer);
    }
  }

  /// What a message of this dialog is filled with.
  Map<String, String> values(Chat chat) {
    Map<String, String> values = new HashMap<>();
    values.put("call-id", chat.callId);
    values.put("from-tag", chat.localTag);
    values.put("to-tag", chat.remoteTag);
    values.put("peer", chat.peer);
    values.put("target", chat.target);
    values.put("cseq", String.valueOf(chat.cseq));
    return values;
  }

  // As the one who is invited, or told.

  void requested(SipMessage request) {
    String known = answers.get(key(request));
    if (known != null) {
      client.sip.send(known);
      return;
    }
    switch (request.method()) {
      case "INVITE" -> invited(request);
      case "ACK" -> acknowledged(request);
      case "BYE" -> ended(request);
      case "MESSAGE" -> {
        answer(request, OK, Map.of());
        client.screen.paged(request);
      }
      default -> answer(request, client.answersInDialog(request), Map.of());
    }
  }

  private static String key(SipMessage request) {
    return request.method() + " " + request.header("Via");
  }

  private void invited(SipMessage invite) {
    if (!invite.tag("To").isEmpty()) {
      answer(invite, client.answersInDialog(invite), Map.of());
      return;
    }
    int status = client.judges(invite);
    if (status != OK) {
      client.complain("it answers " + status + " to\n" + invite);
      answer(invite, status, Map.of());
      return;
    }
    Chat chat = new Chat(false, invite.callId(), client.hex(5), client.sessionId());
    chat.remoteTag = invite.tag("From");
    chat.peer = invite.address("From");
    chat.target = invite.address("Contact");
    chat.invitation = Optional.of(invite);
    chats.put(chat.callId, chat);
    if (client.transcript.has("180 to INVITE")) {
      client.sip.send(response(invite, 180, values(chat), ""));
    }
    Map<String, String> values = values(chat);
    values.putAll(client.media.description(chat, values));
    answer(invite, OK, values, client.manner(chat));
  }

  private void acknowledged(SipMessage ack) {
    Chat chat = chats.get(ack.callId());
    if (chat != null && !chat.begun) {
      client.media.agreed(chat, chat.invitation.orElseThrow());
    }
  }

  private void ended(SipMessage bye) {
    client.ends(bye);
    answer(bye, OK, Map.of());
    Chat chat = chats.get(bye.callId());
    if (chat != null) {
      chat.close();
    }
  }

  private void answer(SipMessage request, int status, Map<String, String> values) {
    answer(request, status, values, "");
  }

  private void answer(SipMessage request, int status, Map<String, String> values, String manner) {
    String response = response(request, status, values, manner);
    answers.put(key(request), response);
    client.sip.send(response);
  }

  private String response(SipMessage request, int status, Map<String, String> more, String manner) {
    Map<String, String> values = new HashMap<>(more);
    values.put("via", request.header("Via"));
    values.put("from", request.header("From"));
    String tag = values.getOrDefault("from-tag", "none");
    String to = request.header("To");
    values.put("to", request.tag("To").isEmpty() ? to + ";tag=" + tag : to);
    values.put("call-id", request.callId());
    values.put("request-cseq", request.header("CSeq"));
    return request(status + " to " + request.method() + manner, values);
  }
}
