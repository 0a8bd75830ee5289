package io.continuo.sipcomparison;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The requests and answers that the load sends: what an RCS chat client says, under 1,300 bytes.
///
/// @param transport `UDP` or `TCP`
record Messages(String transport) {
  static final String DOMAIN = "continuo.test";

  /// A body that is answered and offered.
  private static final String SDP =
      """
      v=0
      o=- 3924821 3924821 IN IP4 127.0.0.1
      s=-
      c=IN IP4 127.0.0.1
      t=0 0
      m=message 9 TCP/MSRP *
      a=accept-types:message/cpim application/im-iscomposing+xml
      a=accept-wrapped-types:text/plain message/imdn+xml application/vnd.gsma.rcs-ft-http+xml
      a=setup:active
      a=path:msrp://127.0.0.1:9/s1234567890;tcp
      a=sendrecv
      """
          .replace("\n", "\r\n");

  private static final String USER_AGENT = "IM-client/OMA1.0 Load/1.0";

  /// A caller or a device, on a socket of its own.
  record Party(String user, Line line, InetSocketAddress address) {
    void send(byte[] message) throws IOException {
      line.send(message);
    }
  }

  byte[] register(Party device, String callId, int sequence, String authorization) {
    String contact =
        "%s;+sip.instance=\"<urn:uuid:00000000-0000-4000-8000-%012d>\";+g.oma.sip-im"
            .formatted(contact(device), device.address().getPort());
    return bytes(
        request("REGISTER", "sip:" + DOMAIN, device, device.user(), callId, sequence)
            + "Contact: "
            + contact
            + "\r\nSupported: path, outbound, multi-client\r\nExpires: 3600\r\n"
            + authorization,
        "");
  }

  byte[] invite(Party caller, String callee, String callId) {
    String head =
        request("INVITE", "sip:" + callee + "@" + DOMAIN, caller, callee, callId, 1)
            + "Contact: "
            + contact(caller)
            + ";+g.oma.sip-im\r\n"
            + "Accept-Contact: *;+g.oma.sip-im\r\n"
            + "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, UPDATE\r\n"
            + "Supported: timer, multi-client\r\n"
            + "Content-Type: application/sdp\r\n";
    return bytes(head, SDP);
  }

  /// ACK or BYE in the dialog that a 2xx made.
  byte[] inDialog(String method, Party caller, Received ok, int sequence) {
    String head =
        line(method, ok.uriIn("Contact"), caller)
            + "From: "
            + ok.header("From")
            + "\r\nTo: "
            + ok.header("To")
            + "\r\nCall-ID: "
            + ok.callId()
            + "\r\nCSeq: %d %s\r\n".formatted(sequence, method)
            + (method.equals("BYE") ? "Reason: SIP;cause=200;text=\"Call completed\"\r\n" : "");
    return bytes(head, "");
  }

  byte[] ringing(Party device, Received invite) {
    return bytes(
        "SIP/2.0 180 Ringing\r\n"
            + invite.copied("t" + device.address().getPort())
            + "Contact: "
            + contact(device)
            + "\r\n",
        "");
  }

  byte[] accepted(Party device, Received invite) {
    return bytes(
        "SIP/2.0 200 OK\r\n"
            + invite.copied("t" + device.address().getPort())
            + "Contact: "
            + contact(device)
            + ";+g.oma.sip-im\r\nSupported: timer, multi-client\r\n"
            + "Content-Type: application/sdp\r\n",
        SDP);
  }

  byte[] ok(Received request) {
    return bytes("SIP/2.0 200 OK\r\n" + request.copied("t0"), "");
  }

  private String request(
      String method, String uri, Party from, String to, String callId, int sequence) {
    return line(method, uri, from)
        + "From: <sip:%s@%s>;tag=f%s\r\n".formatted(from.user(), DOMAIN, callId)
        + "To: <sip:%s@%s>\r\n".formatted(to, DOMAIN)
        + "Call-ID: %s\r\nCSeq: %d %s\r\n".formatted(callId, sequence, method);
  }

  private String line(String method, String uri, Party from) {
    return "%s %s SIP/2.0\r\n".formatted(method, uri)
        + "Via: SIP/2.0/%s %s:%d;rport;branch=z9hG4bK%016x\r\n"
            .formatted(
                transport,
                from.address().getAddress().getHostAddress(),
                from.address().getPort(),
                System.nanoTime())
        + "Max-Forwards: 70\r\nUser-Agent: "
        + USER_AGENT
        + "\r\n";
  }

  private String contact(Party party) {
    InetSocketAddress at = party.address();
    return "<sip:%s@%s:%d;transport=%s>"
        .formatted(
            party.user(),
            at.getAddress().getHostAddress(),
            at.getPort(),
            transport.toLowerCase(Locale.ROOT));
  }

  private static byte[] bytes(String head, String body) {
    return (head + "Content-Length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
