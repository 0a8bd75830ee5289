package io.continuo.clients.doubles;

/// The RCS client of the Android Open Source Project; its transcript is `aosp.txt`.
///
/// What breaks it: a SEND with a body and without Byte-Range (null pointer), more or less than one
/// space after a colon, a message in several chunks (it shows each), any content type that is not
/// written `message/cpim`, a path that is not its own. It answers 405 to everything in a dialog but
/// ACK and BYE.
public final class Aosp extends ClientDouble {
  public Aosp(Account account) {
    super(account, Transport.TCP);
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    if (peersSetup.equals("active")) {
      complain("nobody connects: it listens nowhere");
    }
    return true;
  }

  @Override
  Sending receipts(String disposition) {
    return Sending.NEVER;
  }

  @Override
  Sending typing() {
    return Sending.NEVER;
  }

  @Override
  int judges(SipMessage invite) {
    return invite.body().contains("m=message") ? 200 : 488;
  }

  @Override
  int answersInDialog(SipMessage request) {
    complain("it answers 405 to " + request.method());
    return super.answersInDialog(request);
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    for (String line : message.headLines()) {
      if (!line.matches("[^: ]+: \\S(.*\\S)?")) {
        complain("it misreads the header line '" + line + "'");
      }
    }
    if (message.isResponse() && !message.kind().matches("\\d{3}( .*)?")) {
      complain("it cannot read the status of " + message.raw());
    }
    if (message.body().isPresent()) {
      Habits.exactRange(this, message);
      if (message.flag() != '$') {
        complain("it shows a chunk as a message: " + message.raw());
      }
      String type = message.header("Content-Type");
      if (!type.equals(Screen.CPIM) && !type.equals("application/im-iscomposing+xml")) {
        complain("it drops " + type);
      }
    }
  }

  @Override
  String sessionId() {
    return String.valueOf(System.currentTimeMillis());
  }

  @Override
  String date() {
    return java.time.Instant.now().toString();
  }
}
