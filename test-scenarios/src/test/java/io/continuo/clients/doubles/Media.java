package io.continuo.clients.doubles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How the MSRP session of a double comes to be: SDP, the connection, the first SEND.
///
/// Threading: as [ClientDouble] says.
final class Media {
  private static final int SOCKET_MILLIS = 60_000;

  private final ClientDouble client;

  Media(ClientDouble client) {
    this.client = client;
  }

  /// What an INVITE or its answer is filled with, its SDP among it.
  Map<String, String> description(Chat chat, Map<String, String> dialog) {
    Map<String, String> values = new HashMap<>(client.own);
    values.putAll(dialog);
    values.put("sdp-id", String.valueOf(Instant.now().toEpochMilli()));
    values.put("msrp-port", String.valueOf(chat.listening.getLocalPort()));
    values.put("msrp-session", chat.sessionId);
    values.put("contribution-id", ClientDouble.uuid());
    values.put("conversation-id", ClientDouble.uuid());
    values.putAll(client.identifiers(chat));
    String title = chat.offered ? "SDP offer" : "SDP answer" + client.manner(chat);
    String part = client.transcript.part(title, values);
    chat.ownPath = attribute(part, "path").orElseThrow();
    values.put("sdp-length", String.valueOf(part.length() + 2));
    return values;
  }

  static Optional<String> attribute(String sdp, String name) {
    Matcher line = Pattern.compile("(?m)^a=" + name + ":([^\r\n]*)").matcher(sdp);
    return line.find() ? Optional.of(line.group(1)) : Optional.empty();
  }

  /// Both sides of SDP are known and acknowledged.
  void agreed(Chat chat, SipMessage theirs) {
    chat.begun = true;
    String sdp = theirs.body();
    chat.peerSdp = sdp;
    client.readsSdp(chat, theirs);
    chat.peerPath = attribute(sdp, "path").orElseThrow(() -> new AssertionError("no path: " + sdp));
    String setup = attribute(sdp, "setup").orElse("passive");
    boolean connects = client.connects(chat, setup);
    if (!connects && !client.listens()) {
      chat.listensNowhere();
      return;
    }
    Thread.ofVirtual().name("media of a double").start(() -> open(chat, connects));
  }

  private void open(Chat chat, boolean connects) {
    try {
      chat.listening.setSoTimeout(SOCKET_MILLIS);
      MsrpLink link =
          new MsrpLink(connects ? connect(chat) : chat.listening.accept(), client.wiretap);
      synchronized (client) {
        chat.link = Optional.of(link);
      }
      link.start(new Inbox(client, chat));
      bind(chat);
    } catch (IOException | UncheckedIOException | AssertionError failed) {
      if (!chat.over) {
        client.complain("no MSRP connection: " + failed);
      }
    }
  }

  private Socket connect(Chat chat) throws IOException {
    URI uri = URI.create(chat.peerPath.replaceFirst(";.*", ""));
    return client.connect(chat, uri.getHost(), uri.getPort());
  }

  /// What it sends first. Until that is answered it says nothing else.
  private void bind(Chat chat) {
    client.outbox.keepAlive(chat);
    synchronized (client) {
      chat.bound = true;
      client.notifyAll();
    }
  }
}
