package io.continuo.clients.doubles;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Blink and its relatives; the transcript is `blink.txt`. Its user learns of delivery by the MSRP
/// REPORT: it takes no receipts in a chat.
///
/// What breaks it: anything before the answer to its first SEND, a path that is not its own, header
/// values with a colon and a space in them (it does not see such a line), a type that it did not
/// offer (415), no REPORT.
public final class Blink extends ClientDouble {
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

  public Blink(Account account) {
    super(account, Transport.UDP);
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    return !peersSetup.equals("active");
  }

  @Override
  Sending receipts(String disposition) {
    return Sending.NEVER;
  }

  @Override
  Sending typing() {
    return Sending.IN_SESSION;
  }

  @Override
  boolean answersChallenges() {
    return true;
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    if (!message.isResponse() && !chat.bound && chat.answers.isEmpty()) {
      complain("it waits for the answer to its first SEND, and gets " + message.raw());
    }
    for (String line : message.headLines()) {
      if (line.split(": ", -1).length != 2) {
        complain("it does not see the line '" + line + "'");
      }
    }
    if (message.body().isPresent()) {
      readsBody(message);
    }
  }

  private void readsBody(MsrpMessage message) {
    String type = Cpim.essence(message.header("Content-Type"));
    boolean offered =
        type.equals(Screen.CPIM)
            || type.startsWith("text/")
            || type.startsWith("image/")
            || type.equals("application/im-iscomposing+xml");
    if (!offered) {
      complain("415: " + type);
    }
    if (message.flag() == '$'
        && type.equals(Screen.CPIM)
        && message.range().stream().anyMatch(r -> r.start() == 1)) {
      String inside = Cpim.parse(message.body().orElseThrow()).contentType();
      if (!inside.startsWith("text/")
          && !inside.startsWith("image/")
          && !inside.startsWith("application/im-iscomposing")) {
        complain("unwanted inside CPIM: " + inside);
      }
    }
  }

  /// What is not ASCII it wraps, and counts its characters.
  @Override
  String wording(String text) {
    return text.chars().allMatch(c -> c < 0x80) ? "text" : "wrapped";
  }

  @Override
  String date() {
    return Instant.now().atOffset(ZoneOffset.ofHours(1)).format(MICROSECONDS);
  }

  @Override
  void hangsUp(Chat chat) {
    Optional<MsrpLink> link = chat.link;
    chat.over = true;
    link.ifPresent(MsrpLink::close);
    dialogs.bye(chat);
    chat.close();
  }

  /// Ids of a relay of AG Projects end so.
  @Override
  String sessionId() {
    return hex(8) + "==";
  }

  @Override
  String transaction() {
    return hex(6);
  }
}
