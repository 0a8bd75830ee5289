package io.continuo.device;

import io.continuo.device.message.Composing;
import io.continuo.device.message.Cpim;
import io.continuo.device.message.Imdn;
import io.continuo.device.sip.SipText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Reads what a chat or a MESSAGE brought, files it, and says which reports the sender asked for.
final class Intake {
  private final DeviceConfig config;
  private final Mailbox mailbox;

  Intake(DeviceConfig config, Mailbox mailbox) {
    this.config = config;
    this.mailbox = mailbox;
  }

  /// Where a body came from.
  ///
  /// @param chat Call-ID, empty for a MESSAGE
  /// @param party the other side's address, for bodies that name nobody
  /// @param transportId names it when it does not name itself
  record Origin(String chat, String party, String transportId) {}

  /// Takes one body.
  ///
  /// @param report called with the dispositions to report of it, in order, when there are any
  void take(Origin origin, String contentType, byte[] body, Consumer<Reports> report) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith(Cpim.TYPE)) {
      takeCpim(origin, Cpim.parse(body), body, report);
    } else if (Composing.isType(type)) {
      mailbox.put(new Happening.Types(origin.party(), Composing.parse(body).active()));
    } else {
      String text = new String(body, StandardCharsets.UTF_8);
      file(origin.transportId(), origin.party(), config.address(), contentType, text, body, origin);
    }
  }

  /// What to report about a message.
  record Reports(String messageId, String sender, List<String> dispositions) {}

  private void takeCpim(Origin origin, Cpim cpim, byte[] raw, Consumer<Reports> report) {
    String type = cpim.part().contentType();
    String from = author(cpim, origin);
    String id = cpim.messageId().orElse(origin.transportId());
    if (Imdn.isType(type)) {
      Imdn imdn = Imdn.parse(cpim.part().content());
      mailbox.arrived(
          id, new Happening.Receipt(imdn.messageId(), imdn.disposition(), reporter(cpim, imdn)));
    } else if (Composing.isType(type)) {
      mailbox.put(new Happening.Types(from, Composing.parse(cpim.part().content()).active()));
    } else {
      boolean own = file(id, from, cpim.to(), type, cpim.text(), raw, origin);
      List<String> due = own ? List.of() : due(cpim);
      if (!due.isEmpty()) {
        report.accept(new Reports(id, from, due));
      }
    }
  }

  private static String author(Cpim cpim, Origin origin) {
    return anonymous(cpim.from())
        ? SipText.addressOfRecord(origin.party())
        : SipText.addressOfRecord(cpim.from());
  }

  private static String reporter(Cpim cpim, Imdn imdn) {
    return SipText.addressOfRecord(anonymous(cpim.from()) ? imdn.recipient() : cpim.from());
  }

  private static boolean anonymous(String address) {
    return address.isEmpty() || address.contains("anonymous.invalid");
  }

  private boolean file(
      String id, String from, String to, String type, String text, byte[] raw, Origin origin) {
    boolean own = SipText.addressOfRecord(config.address()).equals(from);
    mailbox.arrived(
        new ChatMessage(
            id,
            SipText.addressOfRecord(from),
            SipText.addressOfRecord(to),
            type,
            text,
            raw,
            origin.chat(),
            own,
            Instant.now()));
    return own;
  }

  private List<String> due(Cpim cpim) {
    List<String> due = new ArrayList<>();
    if (config.autoReports().contains("delivered") && cpim.asksFor("positive-delivery")) {
      due.add("delivered");
    }
    if (config.autoReports().contains("displayed") && cpim.asksFor("display")) {
      due.add("displayed");
    }
    return due;
  }
}
