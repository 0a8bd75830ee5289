package io.continuo.demo;

import io.continuo.demo.Expectations.NotSeen;
import io.continuo.device.Chat;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.Happening;
import io.continuo.device.Sent;
import java.util.List;

/// Figures 3, 4 and 5 of seed 003, and a device swap.
///
/// Threading: one thread plays it.
final class Story {
  private final Cast cast;
  private final Picture picture;
  private final Expectations expectations;

  Story(Cast cast, Picture picture, Expectations expectations) {
    this.cast = cast;
    this.picture = picture;
    this.expectations = expectations;
  }

  /// Plays everything.
  void play() {
    registers();
    Chat group = figure3();
    figure4(group);
    figure5();
    swap();
  }

  private void registers() {
    picture.scene(
        "Five devices of three subscribers register",
        "Alice has a phone and a tablet, Bob has a phone and a tablet, Carol has a phone.");
    for (Device device : cast.all()) {
      expectations.expect(
          device.config().name() + " is registered",
          () -> NotSeen.unless(device.register() == 200, "the registrar refused"));
    }
    finish();
  }

  private Chat figure3() {
    picture.scene(
        "Figure 3: every device is invited, and none is cancelled",
        "Alice's phone invites Bob and Carol. The server invites Alice's own tablet too,"
            + " keeps every answer, and binds five MSRP legs.");
    Chat group =
        cast.a1().inviteGroup(List.of(DemoFiles.address("bob"), DemoFiles.address("carol")));
    for (Device device : List.of(cast.a2(), cast.b1(), cast.b2(), cast.c1())) {
      expectations.expect(
          device.config().name() + " is invited (multi-client), accepts and is bound",
          () -> Cast.joins(device).msrp().awaitPeerBind(Device.PATIENCE));
    }
    expectations.expect(
        "alice.phone is answered 200 and bound",
        () -> {
          group.awaitEstablished();
          group.msrp().awaitPeerBind(Device.PATIENCE);
        });
    finish();
    return group;
  }

  private void figure4(Chat group) {
    picture.scene(
        "Figure 4: one message, a copy for every device, receipts for all who should see them",
        "Bob's and Carol's phones report delivery. Both of Alice's devices learn of both;"
            + " Bob's tablet learns of Bob's; nobody else's business is told.");
    String text = "Lunch at noon?";
    Sent lunch = group.send(text);
    expectations.expect(
        "alice.phone is answered 200: stored",
        () -> NotSeen.unless(lunch.await(Device.PATIENCE) == 200, "it was refused"));
    expectations.expect("alice.tablet files it as sent", () -> Cast.files(cast.a2(), text));
    for (Device device : List.of(cast.b1(), cast.b2(), cast.c1())) {
      String name = device.config().name();
      expectations.expect(name + " receives it", () -> Cast.receives(device, text));
    }
    for (Device device : List.of(cast.a1(), cast.a2())) {
      for (String reporter : List.of("bob", "carol")) {
        expectations.expect(
            device.config().name() + " is told: delivered to " + reporter,
            () -> Cast.isTold(device, lunch.id(), reporter));
      }
    }
    expectations.expect(
        "bob.tablet gets a copy of Bob's receipt", () -> Cast.isTold(cast.b2(), lunch.id(), "bob"));
    cast.settle();
    expectations.expect("nothing else is told to anybody", this::nothingLeft);
    finish();
  }

  private void nothingLeft() {
    for (Device device : cast.all()) {
      List<Happening> left = device.mailbox().unread();
      NotSeen.unless(left.isEmpty(), device.config().name() + " was told " + left);
    }
  }

  private void figure5() {
    picture.scene(
        "Figure 5: one device ends it for everybody",
        "This group is configured `group-bye: ends-session`. Alice's tablet sends BYE;"
            + " the server sends BYE to the other four.");
    expectations.expect(
        "alice.tablet's BYE is answered 200",
        () -> {
          int status = cast.a2().openChats().getLast().bye("");
          NotSeen.unless(status == 200, "answered " + status);
        });
    for (Device device : List.of(cast.a1(), cast.b1(), cast.b2(), cast.c1())) {
      expectations.expect(device.config().name() + " receives BYE", () -> Cast.isEnded(device));
    }
    finish();
  }

  private void swap() {
    picture.scene(
        "A device swap: the phone dies, a tablet that was off goes on",
        "Alice's tablet is switched off. Her phone talks with Bob and dies without a word."
            + " The tablet registers, is invited, has everything, and takes over.");
    expectations.expect(
        "alice.tablet is off",
        () -> NotSeen.unless(cast.a2().unregister() == 200, "the registrar refused"));
    Chat chat = cast.a1().invite(DemoFiles.address("bob"));
    says(chat, "I am on the train");
    Chat bobs = openedAt(cast.b1());
    openedAt(cast.b2());
    says(bobs, "See you at six");
    expectations.expect(
        "bob.phone receives it", () -> Cast.receives(cast.b1(), "I am on the train"));
    expectations.expect(
        "alice.phone receives the answer", () -> Cast.receives(cast.a1(), "See you at six"));
    cast.settle();
    cast.a1().die();
    says(bobs, "Which platform?");
    comesBack();
    finish();
  }

  private Chat openedAt(Device device) {
    expectations.expect(
        device.config().name() + " is invited and accepts", () -> Cast.joins(device));
    return device.openChats().getLast();
  }

  private void says(Chat chat, String text) {
    expectations.expect(
        "\"" + text + "\" is stored",
        () -> NotSeen.unless(chat.send(text).await(Device.PATIENCE) == 200, "it was refused"));
  }

  private void comesBack() {
    Device tablet = cast.a2();
    int before = tablet.mailbox().messages().size();
    expectations.expect(
        "alice.tablet registers again",
        () -> NotSeen.unless(tablet.register() == 200, "the registrar refused"));
    expectations.expect("it is invited to the living chat and accepts", () -> Cast.joins(tablet));
    expectations.expect(
        "it has what the phone sent", () -> Cast.files(tablet, "I am on the train"));
    expectations.expect("it has what the phone got", () -> Cast.receives(tablet, "See you at six"));
    expectations.expect("it has what nobody got", () -> Cast.receives(tablet, "Which platform?"));
    Chat chat = tablet.openChats().getLast();
    says(chat, "Platform nine");
    for (Device device : List.of(cast.b1(), cast.b2())) {
      String name = device.config().name();
      expectations.expect(
          name + " hears it from the tablet", () -> receivesLast(device, "Platform nine"));
    }
    cast.settle();
    expectations.expect(
        "the tablet has all four messages, in order, each once",
        () -> inOrder(tablet.mailbox().messages().stream().skip(before).toList()));
  }

  private static void receivesLast(Device device, String text) {
    device
        .mailbox()
        .take(
            Happening.Received.class,
            received -> received.message().text().equals(text),
            Device.PATIENCE,
            "\"" + text + "\"");
  }

  private static void inOrder(List<ChatMessage> messages) {
    List<String> texts = messages.stream().map(ChatMessage::text).toList();
    NotSeen.unless(
        texts.equals(
            List.of("I am on the train", "See you at six", "Which platform?", "Platform nine")),
        "it has " + texts);
  }

  private void finish() {
    cast.settle();
    picture.pause();
    expectations.print(picture.out());
  }
}
