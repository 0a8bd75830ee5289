package io.continuo.scenarios.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.Happening;
import io.continuo.device.Mailbox;
import io.continuo.device.ladder.Wiretap.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// What the user of a device in a scenario sees. Every verb waits until it is so, notes it as
/// observed, or fails after the device's patience. What the user does is [ScenarioDevice].
public abstract sealed class WatchedDevice permits ScenarioDevice {
  private static final Pattern PAGE = Pattern.compile("(?ms)^MESSAGE sips?:.*?\r\n\r\n");

  final Stage stage;
  final String name;
  final Mailbox mailbox = new Mailbox();
  private boolean mayRepeat;

  WatchedDevice(String name, Stage stage) {
    this.name = name;
    this.stage = stage;
  }

  <T extends Happening> T take(Class<T> kind, String what) {
    return mailbox.take(kind, any -> true, Device.PATIENCE, name + " to receive " + what);
  }

  final void observes(String what) {
    stage.observations().saw(what);
  }

  /// A message that this device already has may come again (its answer was lost in a crash).
  public final void mayRepeat() {
    mayRepeat = true;
  }

  // --- the session -------------------------------------------------------------------------------

  /// The INVITE that it got, or the 200 to its own, was marked as one of a multi-client session.
  public final void isToldMultiClient() {
    String heard = device().wiretap().text(Direction.RECEIVED);
    assertThat(heard.lines())
        .as("what " + name + " was told")
        .anyMatch(line -> line.matches("Supported:.*\\bmulti-client\\b.*"));
    observes("Supported: multi-client");
  }

  /// The device itself, for what the language has no word for.
  public abstract Device device();

  // --- messages ----------------------------------------------------------------------------------

  /// The next message from somebody else is this one.
  public final Seen receives(String text) {
    ChatMessage message = take(Happening.Received.class, "the message " + text).message();
    assertThat(message.text()).as(name + " receives").isEqualTo(text);
    observes("message");
    return new Seen(message);
  }

  /// The next message of its own subscriber, sent on another device, is this one.
  public final Seen receivesCopyOf(String text) {
    ChatMessage message = take(Happening.OwnCopy.class, "a copy of " + text).message();
    assertThat(message.text()).as(name + " receives a copy").isEqualTo(text);
    observes("own copy");
    return new Seen(message);
  }

  /// The last MESSAGE that it got names its author in From, and whom it went to in To.
  public final void wasPaged(Person author, Person addressee) {
    List<String> heads =
        PAGE.matcher(device().wiretap().text(Direction.RECEIVED))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(heads).as("MESSAGEs to " + name).isNotEmpty();
    assertThat(heads.getLast().lines())
        .anyMatch(line -> line.startsWith("From: <" + author.address() + ">"))
        .anyMatch(line -> line.startsWith("To: <" + addressee.address() + ">"));
    observes("MESSAGE");
  }

  /// The next messages, its own subscriber's copies among them, are these in this order; each came
  /// once over the wire, and nothing more is on its way.
  public final List<ChatMessage> catchesUp(String... texts) {
    List<ChatMessage> seen = take(texts.length);
    assertThat(seen).as(name + " catches up").extracting(ChatMessage::text).containsExactly(texts);
    stage.settle();
    for (ChatMessage message : seen) {
      assertThat(mailbox.arrivals(message.id())).as("copies of " + message.text()).isEqualTo(1);
    }
    stage.observations().saw("message in order", texts.length);
    return seen;
  }

  /// The next so many messages, its own subscriber's copies among them, in order.
  public final List<ChatMessage> reads(int count) {
    List<ChatMessage> seen = take(count);
    stage.observations().saw("message", count);
    return seen;
  }

  private List<ChatMessage> take(int count) {
    List<ChatMessage> seen = new ArrayList<>();
    while (seen.size() < count) {
      Happening next =
          mailbox.take(
              Happening.class,
              WatchedDevice::isMessage,
              Device.PATIENCE,
              name + " to receive message " + (seen.size() + 1) + " of " + count);
      seen.add(messageOf(next));
    }
    return seen;
  }

  private static boolean isMessage(Happening happening) {
    return happening instanceof Happening.Received || happening instanceof Happening.OwnCopy;
  }

  private static ChatMessage messageOf(Happening happening) {
    return happening instanceof Happening.Received received
        ? received.message()
        : ((Happening.OwnCopy) happening).message();
  }

  /// The kinds of what it was told since it was switched on, messages and receipts only, in order.
  public final List<String> tellingsInOrder() {
    return mailbox.history().stream()
        .filter(told -> isMessage(told) || told instanceof Happening.Receipt)
        .map(told -> told.getClass().getSimpleName())
        .toList();
  }

  /// What this device has of a message: the bytes as they came.
  public final ChatMessage message(String text) {
    return mailbox.messages().stream()
        .filter(message -> message.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " does not have: " + text));
  }

  /// A message that it has been shown.
  public final class Seen {
    private final ChatMessage message;

    private Seen(ChatMessage message) {
      this.message = message;
    }

    public Seen from(Person author) {
      assertThat(message.from()).as("the author of " + message.text()).isEqualTo(author.address());
      return this;
    }

    /// It came once over the wire, and nothing more is on its way.
    public Seen once() {
      stage.settle();
      assertThat(mailbox.arrivals(message.id())).as("copies of " + message.text()).isEqualTo(1);
      observes("not twice");
      return this;
    }

    public ChatMessage message() {
      return message;
    }
  }

  // --- receipts and typing -----------------------------------------------------------------------

  /// A receipt; say [Receipt#about] and then [Receipt#from].
  public final Receipt receivesReceipt(String disposition) {
    return new Receipt(disposition, "");
  }

  /// A receipt that is expected; several may come in any order.
  public final class Receipt {
    private final String disposition;
    private final String text;

    private Receipt(String disposition, String text) {
      this.disposition = disposition;
      this.text = text;
    }

    public Receipt about(String said) {
      return new Receipt(disposition, said);
    }

    /// Waits for it.
    public void from(Person reporter) {
      Happening.Receipt expected =
          new Happening.Receipt(stage.messageId(text), disposition, reporter.address());
      mailbox.take(
          Happening.Receipt.class,
          expected::equals,
          Device.PATIENCE,
          name + " to receive " + disposition + " about " + text + " from " + reporter.name());
      observes(disposition);
    }
  }

  /// Somebody types.
  public final void seesTyping(Person author) {
    Happening.Types types = take(Happening.Types.class, "typing");
    assertThat(types.active()).isTrue();
    assertThat(types.from()).contains(author.name());
    observes("typing");
  }

  // --- nothing -----------------------------------------------------------------------------------

  /// Nothing has come and nothing is on its way: proved by barriers, not by waiting. An INVITE that
  /// a REGISTER causes passes no barrier; await one that the same REGISTER must cause, or a later
  /// one, before.
  public final void receivesNothing() {
    stage.settle();
    assertThat(unread()).as("what " + name + " was told").isEmpty();
    observes("nothing more");
  }

  /// What nobody has looked at, in words.
  final List<String> unread() {
    return mailbox.unread().stream()
        .filter(happening -> !isExpected(happening))
        .map(happening -> name + ": " + happening)
        .toList();
  }

  private boolean isExpected(Happening happening) {
    return switch (happening) {
      case Happening.Invited invited -> invited.accepted();
      case Happening.Repeated _ -> mayRepeat;
      case Happening.Unbound unbound -> unbound.chat().isEnded();
      case Happening.Cancelled _,
          Happening.Refused _,
          Happening.Ended _,
          Happening.Received _,
          Happening.OwnCopy _,
          Happening.Receipt _,
          Happening.Types _,
          Happening.Reported _ ->
          false;
    };
  }
}
