package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;

/// A desktop client with SIP and MSRP over TLS; the transcript is `softphone.txt`. It checks who it
/// signals to by its authority, and who it chats with by the fingerprint in SDP (RFC 8122).
public final class Softphone extends WebPage {
  /// Made when it is first needed, and then for all: making keys takes long.
  private static final class Own {
    static final OwnCertificate CERTIFICATE = OwnCertificate.make();
  }

  /// @param carrier TLS
  public Softphone(Account account, Carrier carrier) {
    super(
        account,
        carrier,
        (_, wiretap, reader) ->
            Signalling.over(carrier::connectSip, carrier.sip(), wiretap, reader),
        "TLS");
    String here = own.get("host") + ":" + own.get("port");
    own.put("sent-by", here);
    own.put("contact-uri", "sip:" + account.user() + "@" + here + ";transport=tls");
  }

  @Override
  Map<String, String> identifiers(Chat chat) {
    return Map.of("fingerprint", Own.CERTIFICATE.fingerprint());
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    String path = Media.attribute(carrying.body(), "path").orElse("");
    if (!path.startsWith("msrps://") || !path.endsWith(";tcp")) {
      complain("it speaks TLS only: " + carrying.body());
    }
  }

  @Override
  Socket connect(Chat chat, String host, int port) throws IOException {
    String announced =
        Media.attribute(chat.peerSdp, "fingerprint")
            .orElseThrow(() -> new AssertionError("TLS without a fingerprint: " + chat.peerSdp));
    return Own.CERTIFICATE.connect(host, port, announced);
  }
}
