package io.continuo.device;

import java.time.Instant;

/// A message as the device files it.
///
/// @param id `imdn.Message-ID`, else what the transport called it
/// @param from the author's address; `to` the addressee's, as CPIM has them
/// @param raw the bytes as they came, CPIM included
/// @param chat the Call-ID of the chat it came in, empty for a pager MESSAGE
/// @param own whether the author is the device's own subscriber: filed as sent
public record ChatMessage(
    String id,
    String from,
    String to,
    String contentType,
    String text,
    byte[] raw,
    String chat,
    boolean own,
    Instant arrived) {}
