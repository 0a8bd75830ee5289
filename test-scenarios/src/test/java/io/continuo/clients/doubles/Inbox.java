package io.continuo.clients.doubles;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// What comes over the MSRP connection of one chat: looked at as the client looks at it, answered,
/// joined.
///
/// Threading: the connection's reading thread, under the double's lock.
final class Inbox implements MsrpLink.Reader {
  private final ClientDouble client;
  private final Chat chat;

  Inbox(ClientDouble client, Chat chat) {
    this.client = client;
    this.chat = chat;
  }

  @Override
  public void read(MsrpMessage message) {
    synchronized (client) {
      try {
        check(message);
        client.reads(chat, message);
        take(message);
      } catch (UncheckedIOException gone) {
        if (!chat.over) {
          client.complain(gone + " at\n" + message.raw());
        } // Else it hung up while this came.
      } catch (AssertionError | RuntimeException broken) {
        client.complain(broken + " at\n" + message.raw());
      }
      client.notifyAll();
    }
  }

  @Override
  public void ended(IOException why) {
    synchronized (client) {
      if (!chat.over && !(why instanceof EOFException)) {
        client.complain("its MSRP connection broke: " + why);
      }
    }
  }

  /// Every one of them looks sessions up by the whole path.
  private void check(MsrpMessage message) {
    if (!message.header("To-Path").equals(chat.ownPath)
        || !message.header("From-Path").equals(chat.peerPath)) {
      client.complain("481: not the paths of its session\n" + message.raw());
    }
  }

  private void take(MsrpMessage message) {
    if (message.isResponse()) {
      chat.answers.put(message.transaction(), message.status());
    } else if (message.kind().equals("REPORT")) {
      reported(message);
    } else if (message.kind().equals("SEND")) {
      if (!message.find("Failure-Report").orElse("yes").equals("no")) {
        respond(message);
      }
      message.body().ifPresent(body -> chunk(message, body));
    } else {
      client.complain("it does not know " + message.kind());
    }
  }

  private void respond(MsrpMessage request) {
    Map<String, String> values = client.outbox.values(chat);
    values.put("tid", request.transaction());
    chat.link.orElseThrow().send(client.transcript.message("200 to SEND", values) + "\r\n");
  }

  private void reported(MsrpMessage report) {
    client.tell(
        report.header("Message-ID")
            + (report.header("Status").startsWith("000 200") ? " delivered" : " failed"));
  }

  private void chunk(MsrpMessage message, String body) {
    String id = message.header("Message-ID");
    StringBuilder soFar = chat.unfinished.computeIfAbsent(id, _ -> new StringBuilder());
    soFar.append(body);
    if (message.flag() != '+') {
      chat.unfinished.remove(id);
      if (message.flag() == '$') {
        client.screen.whole(chat, message.header("Content-Type"), soFar.toString());
      }
    }
    if (message.find("Success-Report").orElse("no").equals("yes")) {
      client.complain("nobody asked for a REPORT before: " + message.raw());
    }
  }
}
