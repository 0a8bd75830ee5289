package io.continuo.device;

import io.continuo.device.sip.NotInTime;
import io.continuo.device.sip.SipText;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A person at a device: what is typed becomes what the device does, what happens becomes lines.
///
/// Threading: `typed` on the thread that reads lines, `happened` under the mailbox's lock; the
/// current chat is shared between them.
final class Conversing {
  private static final String HELP =
      """
      Type a line to send it to the current chat.
        /invite bob         open a chat with bob
        /group bob carol    open a group
        /accept             accept the invitation that rings
        /leave              leave the chat for good, on all your devices
        /bye                leave it on this device only
        /quit               unregister and end (Ctrl-D, Ctrl-C do it too)
      """;

  private final Device device;
  private final Screen screen;
  private final String domain;
  private final Optional<String> firstParty;
  private volatile @Nullable Chat current;
  private volatile @Nullable Chat ringing;
  private volatile @Nullable String lastParty;

  Conversing(Device device, Screen screen, String domain, Optional<String> firstParty) {
    this.device = device;
    this.screen = screen;
    this.domain = domain;
    this.firstParty = firstParty;
  }

  // --- typed -----------------------------------------------------------------------------------

  /// Takes one line.
  ///
  /// @return whether more are wanted
  boolean typed(String line) {
    try {
      return line.isEmpty() || obeys(line);
    } catch (NotInTime | UncheckedIOException | IllegalStateException failed) {
      screen.problem(String.valueOf(failed.getMessage()));
      return true;
    }
  }

  private boolean obeys(String line) {
    List<String> words = List.of(line.split("\\s+"));
    switch (words.getFirst()) {
      case "/invite", "/group" -> invites(words.subList(1, words.size()));
      case "/accept" -> accepts();
      case "/leave" -> leaves("SIP;cause=200;text=\"User leaves\"");
      case "/bye" -> leaves("");
      case "/help" -> screen.help(HELP);
      case "/quit" -> {
        return false;
      }
      default -> {
        if (line.startsWith("/")) {
          screen.problem("no such command, see /help");
        } else {
          says(line);
        }
      }
    }
    return true;
  }

  private void invites(List<String> names) {
    if (names.isEmpty()) {
      screen.problem("invite whom?");
      return;
    }
    List<String> people = names.stream().map(this::address).toList();
    opens(people.size() == 1 ? device.invite(people.getFirst()) : device.inviteGroup(people));
  }

  private String address(String nameOrUri) {
    return nameOrUri.matches("(sips?|tel):.*") ? nameOrUri : "sip:" + nameOrUri + "@" + domain;
  }

  private void opens(Chat chat) {
    int status = chat.awaitAnswer();
    if (status != 200) {
      screen.problem("the invitation was answered " + status);
      return;
    }
    current = chat;
    lastParty = chat.party();
    screen.status("chat with " + with(chat));
  }

  private void accepts() {
    Chat chat = ringing;
    ringing = null;
    if (chat == null) {
      screen.problem("nobody invites you");
      return;
    }
    chat.accept();
    current = chat;
    screen.status("chat with " + with(chat));
  }

  private void leaves(String reason) {
    Chat chat = current;
    current = null;
    lastParty = null;
    if (chat == null) {
      screen.problem("there is no chat");
      return;
    }
    screen.status("left, answered " + chat.bye(reason));
  }

  private void says(String text) {
    Optional<Chat> chat = chatToSayItIn();
    if (chat.isEmpty()) {
      screen.problem("there is no chat; /invite somebody");
      return;
    }
    chat.get().awaitEstablished();
    String id = UUID.randomUUID().toString();
    screen.sent(text, id, false);
    int status = chat.get().send(text, id).await(device.config().patience());
    if (status != 200) {
      screen.problem("not sent (" + status + "): " + text);
    }
  }

  /// The current chat; when it has ended or lost its connection, a new one with the same people.
  private Optional<Chat> chatToSayItIn() {
    Chat chat = current;
    if (chat != null && !chat.isEnded()) {
      return Optional.of(chat);
    }
    Optional<String> party = Optional.ofNullable(lastParty).or(() -> firstParty.map(this::address));
    party.ifPresent(whom -> opens(device.invite(whom)));
    return Optional.ofNullable(current).filter(open -> !open.isEnded());
  }

  // --- happened --------------------------------------------------------------------------------

  /// Shows what happened.
  void happened(Happening happening) {
    device.mailbox().remove(Happening.class, happening::equals);
    switch (happening) {
      case Happening.Invited invited -> invited(invited);
      case Happening.Cancelled cancelled -> {
        ringing = null;
        screen.status("the invitation was withdrawn");
      }
      case Happening.Refused refused -> screen.problem("refused: " + refused.status());
      case Happening.Ended ended -> ended(ended);
      case Happening.Received received -> screen.received(received.message());
      case Happening.OwnCopy copy -> copied(copy.message());
      case Happening.Repeated repeated -> {
        // A message that is on the screen already.
      }
      case Happening.Receipt receipt -> ticked(receipt);
      case Happening.Types types -> {
        if (types.active()) {
          screen.status(SipText.user(types.from()) + " is typing");
        }
      }
      case Happening.Reported reported -> screen.status("report " + reported.status());
      case Happening.Unbound unbound -> {
        unbound.chat().abandon();
        screen.status("the connection is lost; the next line opens the chat again");
      }
    }
  }

  private void copied(ChatMessage message) {
    screen.sent(message.text(), message.id(), true);
  }

  private static String with(Chat chat) {
    return chat.isGroup() ? "a group" : SipText.user(chat.party());
  }

  private void invited(Happening.Invited invited) {
    Chat chat = invited.chat();
    String with = with(chat);
    if (invited.accepted()) {
      current = chat;
      lastParty = chat.party();
      screen.status("chat with " + with + (chat.isOwn() ? " (from another device of yours)" : ""));
    } else {
      ringing = chat;
      screen.status(with + " invites you; /accept");
    }
  }

  private void ended(Happening.Ended ended) {
    if (ended.chat().equals(current)) {
      current = null;
    }
    screen.status("the chat with " + with(ended.chat()) + " has ended");
  }

  private void ticked(Happening.Receipt receipt) {
    String text =
        Stream.concat(device.mailbox().sent().stream(), device.mailbox().received().stream())
            .filter(message -> message.id().equals(receipt.about()))
            .map(ChatMessage::text)
            .findFirst()
            .orElse("a message");
    screen.tick(receipt.disposition(), receipt.from(), text);
  }
}
