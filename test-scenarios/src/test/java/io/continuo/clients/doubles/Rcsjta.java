package io.continuo.clients.doubles;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/// The GSMA's reference client; its transcript is `rcsjta.txt`. Its chats begin with a message
/// inside the INVITE.
///
/// What breaks it: a Request-URI that is not its Contact (404), a foreign sip.instance (486), no
/// SDP (606), a Byte-Range that is not exactly the body (it reads that many bytes), a header in
/// other letters than the RFC's, 5 s without the answer to a SEND, a path that is not its own, a
/// peer that takes no receipts.
public final class Rcsjta extends ClientDouble {
  private static final Duration TRANSACTION = Duration.ofSeconds(5);
  private static final Pattern INSTANCE = Pattern.compile("\\+sip\\.instance=\"?<?([^\">]+)");
  private static final int NOT_FOUND = 404;
  private static final int BUSY_HERE = 486;
  private static final int NOT_ACCEPTABLE = 606;

  public Rcsjta(Account account) {
    super(account, Transport.TCP);
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
  int judges(SipMessage invite) {
    if (!invite.uri().contains(own.get("host") + ":" + own.get("port"))) {
      return NOT_FOUND;
    }
    var instance = INSTANCE.matcher(invite.find("Accept-Contact").orElse(""));
    if (instance.find() && !instance.group(1).endsWith(own.get("instance"))) {
      return BUSY_HERE;
    }
    return invite.body().contains("m=message") ? 200 : NOT_ACCEPTABLE;
  }

  @Override
  int answersInDialog(SipMessage request) {
    return 200;
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    String wrapped = Media.attribute(carrying.body(), "accept-wrapped-types").orElse("");
    if (!wrapped.equals("*") && !wrapped.contains("message/imdn+xml")) {
      complain("it sends no receipts to one that takes: " + wrapped);
    }
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    for (Header header : message.headers()) {
      Habits.knownHeader(this, header);
    }
    if (message.body().isPresent()) {
      Habits.exactRange(this, message);
    }
  }

  @Override
  Duration transactionTime() {
    return TRANSACTION;
  }

  @Override
  Map<String, String> identifiers(Chat chat) {
    return Map.of("contribution-id", hex(16));
  }
}
