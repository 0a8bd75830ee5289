package io.continuo.clients.doubles;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/// Whose device a double is, and where its server listens (UDP and TCP).
///
/// @param serversWords what the server said of itself, for the message of a failure
public record Account(
    String user,
    String password,
    String domain,
    InetSocketAddress server,
    Supplier<String> serversWords) {
  String address() {
    return "sip:" + user + "@" + domain;
  }
}
