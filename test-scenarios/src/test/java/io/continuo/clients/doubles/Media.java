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

/// The MSRP side of a double: SDP, the connection, chunks, CPIM and what is inside.
///
/// Threading: as [ClientDouble] says.
final class Media {
  static final String CPIM = "message/cpim";
  private static final String IMDN = "message/imdn+xml";
  private static final String COMPOSING = "application/im-iscomposing+xml";
  private static final String TEXT = "text/plain";
  private static final Pattern MESSAGE_ID =
      Pattern.compile("<(?:\\w+:)?message-id>\\s*([^<\\s]+)\\s*</");
  private static final Pattern STATUS =
      Pattern.compile("<(?:\\w+:)?status>\\s*<(?:\\w+:)?([a-z-]+)\\s*/>");
  private static final int OK = 200;
  private static final int SOCKET_MILLIS = 20_000;

  private final ClientDouble client;

  /// Receipts that are on their way.
  private int receipts;

  Media(ClientDouble client) {
    this.client = client;
  }

  String sessionId() {
    return client.sessionId();
  }

  // What is agreed.

  Map<String, String> offer(Chat chat, Map<String, String> dialog) {
    return description(chat, dialog);
  }

  Map<String, String> answer(Chat chat, Map<String, String> dialog) {
    return description(chat, dialog);
  }

  private Map<String, String> description(Chat chat, Map<String, String> dialog) {
    Map<String, String> values = new HashMap<>(client.own);
    values.putAll(dialog);
    values.put("sdp-id", String.valueOf(Instant.now().toEpochMilli()));
    values.put("msrp-port", String.valueOf(chat.listening.getLocalPort()));
    values.put("msrp-session", chat.sessionId);
    values.put("contribution-id", ClientDouble.uuid());
    values.put("conversation-id", ClientDouble.uuid());
    values.putAll(client.identifiers());
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
    boolean connects = client.connects(setup, chat.offered);
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
      link.start(new Inbox(chat));
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
    transact(chat, client.transcript.message("SEND, empty", values(chat)));
    synchronized (client) {
      chat.bound = true;
      client.notifyAll();
    }
  }

  // What it sends.

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

  private void out(Chat chat, ClientDouble.Sending way, String what, Map<String, String> values) {
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

  private Map<String, String> values(Chat chat) {
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

  // What it hears.

  private final class Inbox implements MsrpLink.Reader {
    private final Chat chat;

    Inbox(Chat chat) {
      this.chat = chat;
    }

    @Override
    public void read(MsrpMessage message) {
      synchronized (client) {
        try {
          check(message);
          client.reads(chat, message);
          take(message);
        } catch (AssertionError | RuntimeException broken) {
          client.complain(broken + " at\n" + message.raw());
        }
        client.notifyAll();
      }
    }

    @Override
    public void ended(IOException why) {
      synchronized (client) {
        if (!chat.over && !(why instanceof java.io.EOFException)) {
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
      Map<String, String> values = values(chat);
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
          whole(chat, message.header("Content-Type"), soFar.toString());
        }
      }
      if (message.find("Success-Report").orElse("no").equals("yes")) {
        client.complain("nobody asked for a REPORT before: " + message.raw());
      }
    }
  }

  /// A MESSAGE came.
  void paged(SipMessage message) {
    client.readsPage(message);
    Chat chat = client.dialogs.current().orElse(null);
    whole(chat, message.header("Content-Type"), message.body());
  }

  private void whole(Chat chat, String contentType, String body) {
    if (!Cpim.essence(contentType).equals(CPIM)) {
      shown(chat, Cpim.essence(contentType), body, Optional.empty());
      return;
    }
    Cpim cpim = Cpim.parse(body);
    shown(chat, cpim.contentType(), cpim.content(), Optional.of(cpim));
  }

  private void shown(Chat chat, String type, String content, Optional<Cpim> cpim) {
    switch (type) {
      case TEXT -> text(chat, content, cpim);
      case IMDN -> client.tell(match(MESSAGE_ID, content) + " " + match(STATUS, content));
      case COMPOSING -> {
        if (content.contains("active")) {
          client.tell("typing");
        }
      }
      default -> client.complain("it cannot show " + type);
    }
  }

  private static String match(Pattern pattern, String xml) {
    Matcher found = pattern.matcher(xml);
    if (!found.find()) {
      throw new AssertionError("no " + pattern + " in " + xml);
    }
    return found.group(1);
  }

  private void text(Chat chat, String content, Optional<Cpim> cpim) {
    Said said =
        new Said(
            WireText.read(content),
            cpim.map(each -> each.address("From")).orElse(chat == null ? "" : chat.peer),
            cpim.flatMap(each -> each.find("imdn.Message-ID")).orElse(""),
            cpim.flatMap(each -> each.find("imdn.Disposition-Notification")).orElse(""),
            1);
    client.show(said);
    boolean own = said.from().equals(client.account.address());
    boolean asked = said.wanted().contains("positive-delivery");
    if (asked
        && !own
        && chat != null
        && client.receipts("delivered") != ClientDouble.Sending.NEVER) {
      receipts++;
      // Not on the reading thread: its answer is read there.
      Thread.ofVirtual().name("receipt of a double").start(() -> delivered(chat, said.messageId()));
    }
  }

  private void delivered(Chat chat, String messageId) {
    try {
      receipt(chat, messageId, "delivered");
    } catch (AssertionError | UncheckedIOException failed) {
      if (!chat.over) {
        client.complain("its receipt: " + failed);
      }
    } finally {
      synchronized (client) {
        receipts--;
        client.notifyAll();
      }
    }
  }

  boolean isAtRest() {
    return receipts == 0;
  }
}
