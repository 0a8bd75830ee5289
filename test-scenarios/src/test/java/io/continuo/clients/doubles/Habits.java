package io.continuo.clients.doubles;

import java.util.Optional;
import java.util.Set;

/// Ways of reading MSRP that more than one client has.
final class Habits {
  private static final Set<String> KNOWN =
      Set.of(
          "To-Path",
          "From-Path",
          "Message-ID",
          "Byte-Range",
          "Success-Report",
          "Failure-Report",
          "Content-Type",
          "Status");

  private Habits() {}

  /// Headers are looked up by these letters exactly.
  static void knownHeader(ClientDouble client, Header header) {
    if (!KNOWN.contains(header.name())) {
      client.complain("it does not find " + header.name());
    }
  }

  /// As many bytes are read as the Byte-Range says, and the end-line is expected behind them.
  static void exactRange(ClientDouble client, MsrpMessage message) {
    Optional<MsrpMessage.Range> range = message.range();
    long length = message.body().map(String::length).orElse(0);
    if (range.isEmpty()) {
      client.complain("null pointer: no Byte-Range it can read\n" + message.raw());
    } else if (range.get().end() - range.get().start() + 1 != length) {
      client.complain("it reads " + range.get() + " of " + length + " bytes\n" + message.raw());
    }
  }
}
