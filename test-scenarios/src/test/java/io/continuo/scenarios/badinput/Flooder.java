package io.continuo.scenarios.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.scenarios.ServerSetup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A device with a user and an address of its own: it registers, and then sends far more at once
/// than it waits for.
///
/// Threading: one thread at a time.
final class Flooder implements AutoCloseable {
  private final RawSip wire;
  private final String name;

  /// @param number its address is 127.0.0.(number + 1), its user [#name]
  Flooder(int number, InetSocketAddress server) {
    name = name(number);
    wire = RawSip.from("127.0.0." + (number + 1), server);
    RawRequest register = request("REGISTER", "sip:" + ServerSetup.DOMAIN, name);
    String challenge = wire.asks(register);
    String answer =
        wire.asks(
            register
                .saying("Via", request("REGISTER", "sip:x", name).value("Via"))
                .saying("CSeq", "2 REGISTER")
                .provenBy(name, ServerSetup.passwordOf(name), challenge));
    assertThat(answer).startsWith("SIP/2.0 200 ");
  }

  static String name(int number) {
    return "crowd" + number;
  }

  private RawRequest request(String method, String uri, String to) {
    RawRequest plain = wire.request(method, uri);
    return plain
        .saying("From", plain.value("From").replace("carol", name))
        .saying("To", "<" + Witness.address(to) + ">");
  }

  /// Sends so many messages to somebody in one go, and hears all the answers.
  List<String> floods(int messages, String addressee) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < messages; i++) {
      all.append(says("flood " + i, addressee).text());
    }
    wire.says(all.toString());
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      answers.add(wire.hears());
    }
    return answers;
  }

  /// The answer to one message.
  String asks(String text, String addressee) {
    return wire.asks(says(text, addressee));
  }

  private RawRequest says(String text, String addressee) {
    return request("MESSAGE", Witness.address(addressee), addressee).carrying("text/plain", text);
  }

  @Override
  public void close() {
    wire.close();
  }
}
