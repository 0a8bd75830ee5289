package io.continuo.clients.doubles;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What becomes of a whole message: text is shown to the user and its delivery told, receipts and
/// typing are told.
///
/// Threading: the reading threads, under the double's lock.
final class Screen {
  static final String CPIM = "message/cpim";
  private static final String IMDN = "message/imdn+xml";
  private static final String COMPOSING = "application/im-iscomposing+xml";
  private static final String TEXT = "text/plain";
  private static final Pattern MESSAGE_ID =
      Pattern.compile("<(?:\\w+:)?message-id>\\s*([^<\\s]+)\\s*</");
  private static final Pattern STATUS =
      Pattern.compile("<(?:\\w+:)?status>\\s*<(?:\\w+:)?([a-z-]+)\\s*/>");

  private final ClientDouble client;

  /// Receipts that are on their way.
  private int receipts;

  Screen(ClientDouble client) {
    this.client = client;
  }

  /// A MESSAGE came.
  void paged(SipMessage message) {
    client.readsPage(message);
    Chat chat = client.dialogs.current().orElse(null);
    whole(chat, message.header("Content-Type"), message.body());
  }

  void whole(Chat chat, String contentType, String body) {
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
        && client.receipts("delivered") != ClientHabits.Sending.NEVER) {
      receipts++;
      // Not on the reading thread: its answer is read there.
      Thread.ofVirtual().name("receipt of a double").start(() -> delivered(chat, said.messageId()));
    }
  }

  private void delivered(Chat chat, String messageId) {
    try {
      client.outbox.receipt(chat, messageId, "delivered");
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
