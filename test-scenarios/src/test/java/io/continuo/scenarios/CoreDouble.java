package io.continuo.scenarios;

import io.continuo.device.sip.SipText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A small S-CSCF over UDP with the devices behind it, for tests of the server as application
/// server. Its one filter criterion sends every INVITE and MESSAGE that is meant for a subscriber
/// to the server first (TS 24.229 §5.4.3.3), those of the server itself too; what comes back with
/// the original dialog identifier goes to its device. Its devices accept everything and never
/// connect.
///
/// Threading: one thread reads and answers; a test asks from its own.
final class CoreDouble implements AutoCloseable {
  /// What a call of a device with Privacy says beside what every request says.
  static final String PRIVATE_CALL =
      "Privacy: id\r\nContact: <sip:alice@127.0.0.2:9>\r\nContent-Type: application/sdp\r\n";

  private static final String ODI = ";odi=";
  private static final int PATIENCE_SECONDS = 60;

  private final UdpSip socket = new UdpSip("127.0.0.2");
  private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private volatile InetSocketAddress server = new InetSocketAddress(0);

  CoreDouble() throws IOException {}

  void serves(InetSocketAddress applicationServer) {
    server = applicationServer;
    socket.listen("core", this::hear);
  }

  /// Its own Route without angle brackets.
  String route() {
    return "sip:" + address() + ";transport=udp;lr";
  }

  private String address() {
    return "127.0.0.2:" + socket.address().getPort();
  }

  // --- what a test asks --------------------------------------------------------------------------

  /// Tells the server of a subscriber's device by third-party REGISTER.
  void tellsOf(String user, String instance, String features) {
    String contact = "<sip:" + user + "@" + address() + ">;+sip.instance=\"<" + instance + ">\"";
    String inner =
        """
        REGISTER sip:continuo.test SIP/2.0
        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKinner
        From: <sip:%1$s@continuo.test>;tag=inner
        To: <sip:%1$s@continuo.test>
        Call-ID: inner
        CSeq: 1 REGISTER
        Contact: %2$s%3$s
        Expires: 3600

        """
            .formatted(user, contact, features)
            .replace("\n", "\r\n");
    asks(
        "REGISTER",
        "sip:continuo.test",
        "<sip:scscf.continuo.test>;tag=" + SipText.random(4),
        user,
        "Contact: <sip:" + address() + ">\r\nExpires: 3600\r\nContent-Type: message/sip\r\n",
        inner,
        "200");
  }

  /// Brings the server a request that says it is the server's own, over ISC.
  void brings(String method, String from, String user, String more, String body, String status) {
    asks(
        method,
        "sip:" + user + "@continuo.test",
        from,
        user,
        isc(SipText.random(3)) + "P-Asserted-Identity: " + from + "\r\n" + more,
        body,
        status);
  }

  private void asks(
      String method,
      String uri,
      String from,
      String user,
      String more,
      String body,
      String status) {
    String request =
        """
        %1$s %2$s SIP/2.0
        Via: SIP/2.0/UDP %3$s;branch=z9hG4bK%4$s
        Max-Forwards: 70
        From: %5$s
        To: <sip:%6$s@continuo.test>
        Call-ID: %4$s
        CSeq: 1 %1$s
        """
            .formatted(method, uri, address(), SipText.random(8), from, user)
            .replace("\n", "\r\n");
    answers.clear();
    say(request + more + "Content-Length: " + length(body) + "\r\n\r\n" + body);
    String answer = next(answers, method);
    while (answer.startsWith("SIP/2.0 1")) {
      answer = next(answers, method);
    }
    if (!answer.startsWith("SIP/2.0 " + status)) {
      throw new AssertionError(method + " was answered " + answer);
    }
  }

  /// The next request that reached a device.
  String delivers() {
    return next(delivered, "request");
  }

  /// What reached devices beside what was asked for.
  List<String> alsoDelivered() {
    return List.copyOf(delivered);
  }

  private static String next(BlockingQueue<String> queue, String what) {
    try {
      String next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the core saw no " + what);
      }
      return next;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  // --- what it does ------------------------------------------------------------------------------

  private void hear(String message, InetSocketAddress from) {
    boolean ours = UdpSip.header(message, "Via").contains(address());
    if (!message.startsWith("SIP/2.0 ")) {
      request(message);
    } else if (ours && UdpSip.lines(message, "Via").size() > 1) {
      say(message.replaceFirst("(?m)^Via: .*\r\n", ""));
    } else {
      answers.add(message);
    }
  }

  private void request(String message) {
    String method = message.split(" ", 2)[0];
    if (method.equals("ACK") || method.equals("BYE")) {
      if (method.equals("BYE")) {
        say(answer(message, "200 OK", ""));
      }
    } else if (UdpSip.header(message, "Route").contains(ODI)) {
      reaches(message);
    } else {
      say(looped(message));
    }
  }

  /// The filter criterion: to the server, and then here again.
  private String looped(String message) {
    String routeless = message.replaceFirst("(?m)^Route: .*\r\n", "");
    int lineEnd = routeless.indexOf("\r\n") + 2;
    String branch = UdpSip.header(message, "Via").replaceFirst(".*branch=([^;]+).*", "$1");
    return routeless.substring(0, lineEnd)
        + "Via: SIP/2.0/UDP "
        + address()
        + ";branch="
        + branch
        + "core\r\n"
        + isc(SipText.random(3))
        + "Record-Route: <"
        + route()
        + ">\r\n"
        + routeless.substring(lineEnd);
  }

  private String isc(String odi) {
    return "Route: <sip:"
        + server.getAddress().getHostAddress()
        + ":"
        + server.getPort()
        + ";lr>, <"
        + route()
        + ODI
        + odi
        + ">\r\n";
  }

  private void reaches(String message) {
    delivered.add(message);
    boolean session = message.startsWith("INVITE ");
    say(answer(message, "200 OK", session ? sdp() : ""));
  }

  /// Media of a device that will connect, and never does.
  static String sdp() {
    return """
    v=0
    o=- 1 1 IN IP4 127.0.0.2
    s=-
    c=IN IP4 127.0.0.2
    t=0 0
    m=message 9 TCP/MSRP *
    a=accept-types:message/cpim
    a=accept-wrapped-types:*
    a=setup:active
    a=path:msrp://127.0.0.2:9/%s;tcp
    """
        .formatted(SipText.random(6))
        .replace("\n", "\r\n");
  }

  private String answer(String request, String status, String body) {
    String copied =
        request
            .split("\r\n\r\n", 2)[0]
            .lines()
            .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq|Record-Route): .*"))
            .map(line ->
                line.startsWith("To: ") && !line.contains(";tag=") ? line + ";tag=bob" : line)
            .collect(Collectors.joining("\r\n"));
    String media = body.isEmpty() ? "" : "Content-Type: application/sdp\r\n";
    return "SIP/2.0 "
        + status
        + "\r\n"
        + copied
        + "\r\nContact: <sip:device@"
        + address()
        + ">\r\n"
        + media
        + "Content-Length: "
        + length(body)
        + "\r\n\r\n"
        + body;
  }

  private void say(String message) {
    socket.say(message, server);
  }

  private static int length(String body) {
    return body.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public void close() {
    socket.close();
  }
}
