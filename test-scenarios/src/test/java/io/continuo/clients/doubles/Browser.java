package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;

/// A chat in a web page: its MSRP goes over a WebSocket (RFC 7977), its path names no host that
/// anybody could reach, and it is always the one that connects. `browser.txt` has what differs from
/// `other.txt`; its signalling is plain TCP, as a WebSocket gateway in front of us would send it.
public final class Browser extends Other {
  public Browser(Account account) {
    super(account);
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    if (!peersSetup.equals("passive")) {
      complain("nobody can connect to a page, and the server says setup:" + peersSetup);
    }
    return true;
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    String path = Media.attribute(carrying.body(), "path").orElse("");
    if (!path.startsWith("msrp://") || !path.endsWith(";ws")) {
      complain("it speaks WebSocket only: " + carrying.body());
    }
  }

  @Override
  Socket connect(Chat chat, String host, int port) throws IOException {
    return new WebSocketByHand(new Socket(host, port), "msrp");
  }
}
