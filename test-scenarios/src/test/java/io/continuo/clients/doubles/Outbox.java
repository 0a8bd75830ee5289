package io.continuo.clients.doubles;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a double says in MSRP, made from its transcript and cut into its chunks.
///
/// Threading: any thread but the reading ones, since answers are waited for.
final class Outbox {
  private static final int OK = 200;

  private final ClientDouble client;

  Outbox(ClientDouble client) {
    this.client = client;
  }

  void says(Chat chat, String text, String id) {
    Map<String, String> values = message(chat, id);
    values.put("text", WireText.of(text));
    values.put("text-length", String.valueOf(WireText.of(text).length()));
    send(chat, client.wording(text), values);
  }

  /// What the message inside an INVITE is filled with; empty when there is none to say.
  Map<String, String> enclosed(String text, String id) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, String> values = new HashMap<>();
    values.put("id", id);
    values.put("date", client.date());
    values.put("text", WireText.of(text));
    values.put("text-length", String.valueOf(WireText.of(text).length()));
    values.put("cpim-length", String.valueOf(client.transcript.part("text", values).length()));
    return values;
  }

  /// A text as a MESSAGE to the other side of the latest chat.
  void page(String text, String id) {
    Chat chat = client.dialogs.current().orElseThrow();
    Map<String, String> values = message(chat, id);
    values.put("text", WireText.of(text));
    values.put("text-length", String.valueOf(WireText.of(text).length()));
    client.dialogs.message(chat, "MESSAGE, text", values);
  }

  /// A bodiless SEND, and its answer.
  void keepAlive(Chat chat) {
    transact(chat, client.transcript.message("SEND, empty", values(chat)));
  }

  void receipt(Chat chat, String reported, String disposition) {
    Map<String, String> values = message(chat, ClientDouble.uuid());
    values.put("reported", reported);
    values.put("status", disposition);
    values.put("notification", disposition.equals("displayed") ? "display" : "delivery");
    values.put("receipt-length", String.valueOf(client.transcript.part("imdn", values).length()));
    out(chat, client.receipts(disposition), "receipt", values);
  }

  void typing(Chat chat) {
    out(chat, client.typing(), "typing", message(chat, ClientDouble.uuid()));
  }

  private void out(Chat chat, ClientHabits.Sending way, String what, Map<String, String> values) {
    switch (way) {
      case IN_SESSION -> send(chat, what, values);
      case BY_MESSAGE -> client.dialogs.message(chat, "MESSAGE, " + what, values);
      case NEVER -> {
        // Nobody is told.
      }
    }
  }

  private Map<String, String> message(Chat chat, String id) {
    Map<String, String> values = values(chat);
    values.put("id", id);
    values.put("date", client.date());
    return values;
  }

  Map<String, String> values(Chat chat) {
    Map<String, String> values = new HashMap<>(client.own);
    values.put("own-path", chat.ownPath);
    values.put("peer-path", chat.peerPath);
    values.put("peer", chat.peer);
    values.put("message-id", client.hex(8));
    values.put("id", ClientDouble.uuid());
    return values;
  }

  private void send(Chat chat, String what, Map<String, String> values) {
    String whole = client.transcript.message("SEND, " + what, values);
    String body = whole.substring(whole.indexOf("\r\n\r\n") + 4, whole.lastIndexOf("\r\n-------"));
    int size = body.length();
    if (size <= client.chunkSize()) {
      String characters = String.valueOf(WireText.read(body).length());
      transact(
          chat, whole.replace("{size}", String.valueOf(size)).replace("{characters}", characters));
      return;
    }
    for (int from = 0; from < size; from += client.chunkSize()) {
      int to = Math.min(size, from + client.chunkSize());
      values.put("start", String.valueOf(from + 1));
      values.put("end", String.valueOf(to));
      values.put("size", String.valueOf(size));
      values.put("body", body.substring(from, to));
      values.put("flag", to == size ? "$" : "+");
      transact(chat, client.transcript.message("SEND, chunk", values));
    }
  }

  /// Sends a request and waits for 200, unless it asks for no answer.
  private void transact(Chat chat, String request) {
    String transaction = client.transaction();
    MsrpLink link = client.await(() -> chat.link, "an MSRP connection");
    link.send(request.replace("{tid}", transaction) + "\r\n");
    if (request.contains("Failure-Report: no\r")) {
      return;
    }
    int status =
        client.await(
            () -> Optional.ofNullable(chat.answers.get(transaction)),
            "the answer to " + transaction,
            client.transactionTime());
    if (status != OK) {
      client.complain("its SEND was answered " + status + ":\n" + request);
    }
  }
}
