package io.continuo.clients.doubles;

/// A client like Samsung's; the transcript is `samsung.txt`.
///
/// What breaks it: as rcsjta, a Byte-Range that is not exactly the body and a path that is not its
/// own; and a REPORT that it asked not to get.
public final class Samsung extends ClientDouble {
  public Samsung(Account account) {
    super(account, Transport.TCP);
    own.put("hex-conversation", hex(16));
    own.put("hex-contribution", hex(20));
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    return !peersSetup.equals("active");
  }

  @Override
  Sending receipts(String disposition) {
    return Sending.IN_SESSION;
  }

  @Override
  Sending typing() {
    return Sending.IN_SESSION;
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    if (message.kind().equals("REPORT")) {
      complain("it asked for no success report: " + message.raw());
    }
    if (message.body().isPresent()) {
      Habits.exactRange(this, message);
    }
  }

  /// A pager message to the other side of the chat, which must not be forked.
  public String pages(String text) {
    String id = uuid();
    outbox.page(text, id);
    isContent();
    return id;
  }
}
