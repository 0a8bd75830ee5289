package io.continuo.clients.doubles;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The row "others" of the interop contract: `other.txt`. It minds little.
public class Other extends ClientDouble {
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx");

  public Other(Account account) {
    super(account, Transport.TCP);
  }

  Other(Account account, Way way) {
    super(account, way);
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
    return Sending.NEVER;
  }

  @Override
  void reads(Chat chat, MsrpMessage message) {
    if (message.body().isPresent()) {
      Habits.exactRange(this, message);
    }
  }

  @Override
  String date() {
    return Instant.now().atOffset(ZoneOffset.ofHours(2)).format(MICROSECONDS);
  }
}
