package io.continuo.server.runtime;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.cpim.MalformedCpimException;
import io.continuo.msrp.imdn.Imdn;
import io.continuo.msrp.imdn.MalformedImdnException;
import java.util.Locale;
import java.util.Optional;

/// The message that a disposition notification speaks of, when a body is one. Malformed ones name
/// none: the conversation they are handed to refuses them.
final class ReportedMessage {
  private ReportedMessage() {}

  static Optional<String> of(String contentType, byte[] body) {
    try {
      if (contentType.toLowerCase(Locale.ROOT).startsWith("message/cpim")) {
        CpimMessage cpim = CpimMessage.parse(body);
        return Imdn.isImdn(cpim.contentType())
            ? Optional.of(Imdn.parse(cpim.content()).messageId())
            : Optional.empty();
      }
      return Imdn.isImdn(contentType)
          ? Optional.of(Imdn.parse(body).messageId())
          : Optional.empty();
    } catch (MalformedCpimException | MalformedImdnException malformed) {
      return Optional.empty();
    }
  }
}
