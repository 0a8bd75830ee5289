package io.continuo.device;

import io.continuo.device.message.Cpim;
import io.continuo.device.message.Imdn;
import io.continuo.device.message.Mime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Writes what the device's own user says and reports, the same for a session, a MESSAGE and the
/// first message of an INVITE, and files what was said as sent.
///
/// Threading: any thread.
final class OwnMessages {
  /// Receipts that every text asks for (RFC 5438 §6.3).
  private static final String ASK = "positive-delivery, display";

  private final String address;
  private final Mailbox mailbox;

  OwnMessages(String address, Mailbox mailbox) {
    this.address = address;
    this.mailbox = mailbox;
  }

  /// A text as CPIM.
  ///
  /// @param id its `imdn.Message-ID`
  /// @param chat the Call-ID of the chat that it goes to, empty outside of one
  byte[] text(String to, String id, String text, String chat) {
    Mime part = Mime.of("text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
    byte[] raw = Cpim.of(address, to, id, ASK, part).bytes();
    mailbox.sent(
        new ChatMessage(id, address, to, "text/plain", text, raw, chat, true, Instant.now()));
    return raw;
  }

  /// A receipt as CPIM.
  ///
  /// @param id the receipt's own `imdn.Message-ID`
  byte[] report(String messageId, String sender, String disposition, String id) {
    return new Imdn(messageId, address, disposition).in(address, sender, id).bytes();
  }
}
