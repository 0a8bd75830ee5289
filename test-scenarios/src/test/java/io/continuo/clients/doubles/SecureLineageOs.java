package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.SSLSocket;

/// The messaging app of LineageOS over TLS: a certificate that it signed itself, known by its
/// fingerprint in the SDP, and the server known the same way. `securelineageos.txt` has what
/// differs.
public final class SecureLineageOs extends LineageOs {
  private final DeviceCertificate certificate = DeviceCertificate.selfSigned();
  private String announced = "";

  public SecureLineageOs(Account account) {
    super(account);
    own.put("fingerprint", certificate.fingerprint());
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    super.readsSdp(chat, carrying);
    if (!carrying.body().contains(" TCP/TLS/MSRP *")) {
      complain("it speaks TLS here: " + carrying.body());
    }
    announced = Media.attribute(carrying.body(), "fingerprint").orElse("");
  }

  @Override
  Socket connect(String host, int port) throws IOException {
    SSLSocket socket = certificate.connect(host, port);
    if (!announced.toLowerCase(Locale.ROOT).equals("sha-256 " + sha256(socket))) {
      complain("the server shows another certificate than " + announced);
    }
    return socket;
  }

  private static String sha256(SSLSocket socket) throws IOException {
    try {
      byte[] shown = socket.getSession().getPeerCertificates()[0].getEncoded();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(shown);
      return HexFormat.ofDelimiter(":").formatHex(digest);
    } catch (java.security.GeneralSecurityException broken) {
      throw new IOException(broken);
    }
  }
}
