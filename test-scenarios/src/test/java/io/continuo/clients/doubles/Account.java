package io.continuo.clients.doubles;

import java.net.InetSocketAddress;

/// Whose device a double is, and where its server listens (UDP and TCP).
public record Account(String user, String password, String domain, InetSocketAddress server) {
  String address() {
    return "sip:" + user + "@" + domain;
  }
}
