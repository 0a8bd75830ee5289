package io.continuo.sip.jain;

import io.continuo.sip.NameAddr;
import java.util.Optional;

/// Tags of From and To (RFC 3261 §19.3).
final class Tags {
  private Tags() {}

  /// The tag; empty text when there is none.
  static String of(Optional<String> nameAddr) {
    return nameAddr.flatMap(NameAddr::parse).flatMap(a -> a.parameter("tag")).orElse("");
  }

  /// With this tag, unless it has one.
  static String with(String nameAddr, String tag) {
    return of(Optional.of(nameAddr)).isEmpty() ? nameAddr + ";tag=" + tag : nameAddr;
  }
}
