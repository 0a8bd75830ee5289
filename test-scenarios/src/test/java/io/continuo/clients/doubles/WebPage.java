package io.continuo.clients.doubles;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A chat in a web page, with SIP and MSRP over WebSockets; the transcript is `webpage.txt`.
///
/// What breaks it: an offer of what it cannot open, a Via or Contact that is not of a WebSocket
/// (RFC 7118 §5), being the one that waits for a connection, a binding without its flow or its
/// GRUU, and a request to a GRUU that is not its own.
public class WebPage extends Other {
  private static final Pattern PUBLIC = Pattern.compile(";pub-gruu=\"([^\"]+)\"");

  private final Carrier carrier;

  /// @param carrier `wss` when it is TLS, else `ws`
  public WebPage(Account account, Carrier carrier) {
    this(
        account,
        carrier,
        (_, wiretap, reader) ->
            Signalling.over(
                () -> new WebSocketByHand(carrier.connectSip(), "sip"),
                carrier.sip(),
                wiretap,
                reader),
        carrier.secure() ? "WSS" : "WS");
    String nowhere = hex(6) + ".invalid";
    own.put("sent-by", nowhere);
    own.put("contact-uri", "sip:" + account.user() + "@" + nowhere + ";transport=ws");
    own.put("msrp-scheme", carrier.secure() ? "msrps" : "msrp");
    own.put("sdp-protocol", carrier.secure() ? "TCP/TLS/MSRP" : "TCP/MSRP");
  }

  WebPage(Account account, Carrier carrier, Way way, String transport) {
    super(account, way);
    this.carrier = carrier;
    own.put("transport", transport);
  }

  final Carrier carrier() {
    return carrier;
  }

  @Override
  String contactHost() {
    return own.get("sent-by");
  }

  /// Its public GRUU is its Contact from now on (RFC 5627 §4.4).
  @Override
  void registered(SipMessage answer) {
    if (!answer.header("Require").equals("outbound") || answer.find("Flow-Timer").isEmpty()) {
      complain("its flow is not kept (RFC 5626 §6): " + answer);
    }
    Optional<Matcher> gruu =
        answer.all("Contact").stream()
            .filter(each -> each.contains(contactHost()))
            .map(PUBLIC::matcher)
            .filter(Matcher::find)
            .findFirst();
    gruu.ifPresentOrElse(
        found -> own.put("dialog-uri", found.group(1)),
        () -> complain("no public GRUU for it: " + answer));
  }

  @Override
  boolean connects(String peersSetup, boolean offered) {
    if (!peersSetup.equals("passive") && !(peersSetup.equals("actpass") && !offered)) {
      complain("nobody can connect to a page, and the server says setup:" + peersSetup);
    }
    return true;
  }

  @Override
  int judges(SipMessage invite) {
    String transport = own.get("transport");
    String parameter = ";transport=" + (transport.startsWith("WS") ? "ws" : "tls");
    if (!invite.header("Via").startsWith("SIP/2.0/" + transport + " ")) {
      complain("a Via of another transport: " + invite);
    }
    if (!invite.address("Contact").contains(parameter)) {
      complain("a Contact that is not reached as it signals: " + invite);
    }
    // Its registered Contact, or its GRUU.
    return invite.uri().equals(own.get("contact-uri")) ? super.judges(invite) : 404;
  }

  /// Where requests within a dialog find it: what it said in its Contact.
  @Override
  void ends(SipMessage bye) {
    if (!bye.uri().equals(own.get("dialog-uri"))) {
      complain("a BYE to somebody else: " + bye);
    }
  }

  @Override
  void readsSdp(Chat chat, SipMessage carrying) {
    String path = Media.attribute(carrying.body(), "path").orElse("");
    if (!path.startsWith(own.get("msrp-scheme") + "://") || !path.endsWith(";ws")) {
      complain("it opens WebSockets only: " + carrying.body());
    }
  }

  @Override
  Socket connect(Chat chat, String host, int port) throws IOException {
    return new WebSocketByHand(carrier.connect(host, port), "msrp");
  }
}
