package io.continuo.scenarios;

import io.continuo.device.sip.SipText;
import io.continuo.scenarios.language.Proxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A small edge proxy over UDP between devices and the server (RFC 5626 §5), as a P-CSCF is one: it
/// writes itself into Path with a token for the flow, and into Record-Route; puts the Service-Route
/// of a registration before what its device sends afterwards; and answers 430 for a flow that it
/// has lost.
///
/// Threading: one thread reads and forwards; a test asks from its own.
final class EdgeProxy implements Proxy {
  private static final String HOST = "127.0.0.3";
  private static final Pattern OWN_ROUTE =
      Pattern.compile("(?m)^Route: <sip:(\\w+)@" + HOST + ":[^>]*>(?:\r\n|, )");

  /// The first Via; the server writes all of them in one line.
  private static final Pattern OWN_VIA =
      Pattern.compile("(?m)^(?:Via: [^,\r\n]*\r\n|(Via: )[^,\r\n]*, *)");

  private final UdpSip socket = new UdpSip(HOST);
  private final InetSocketAddress server;
  private final Map<String, InetSocketAddress> flows = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, String> serviceRoutes = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, Boolean> lost = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, InetSocketAddress> forks = new ConcurrentHashMap<>();
  private final List<String> brought = new ArrayList<>();

  EdgeProxy(InetSocketAddress server) throws IOException {
    this.server = server;
    socket.listen("edge proxy", this::hear);
  }

  @Override
  public InetSocketAddress address() {
    return socket.address();
  }

  /// The Path that it writes for a device.
  String pathOf(InetSocketAddress device) {
    return "<sip:%s@%s:%d;lr;ob>".formatted(token(device), HOST, address().getPort());
  }

  /// From now on nothing gets to this device.
  void loses(InetSocketAddress device) {
    lost.put(device, true);
  }

  /// From now on an INVITE to this device goes to another one, too (RFC 3261 §16.6).
  void forks(InetSocketAddress device, InetSocketAddress also) {
    forks.put(device, also);
  }

  /// The requests with this method that the server sent, in order, as they came.
  List<String> brought(String method) {
    synchronized (brought) {
      return brought.stream().filter(each -> each.startsWith(method + " ")).toList();
    }
  }

  private void hear(String message, InetSocketAddress from) {
    if (message.startsWith("SIP/2.0 ")) {
      answered(message);
    } else if (from.equals(server)) {
      fromServer(message);
    } else {
      fromDevice(message, from);
    }
  }

  private void fromDevice(String request, InetSocketAddress device) {
    String method = request.split(" ", 2)[0];
    String bare = OWN_ROUTE.matcher(request).replaceFirst("");
    String more =
        switch (method) {
          case "REGISTER" -> "Path: " + pathOf(device) + "\r\n";
          case "INVITE" -> recordRoute(device) + serviceRoutes.getOrDefault(device, "");
          default -> "";
        };
    socket.say(forwarded(bare, device, more), server);
  }

  private void fromServer(String request) {
    synchronized (brought) {
      brought.add(request);
    }
    Matcher route = OWN_ROUTE.matcher(request);
    if (!route.find()) {
      throw new IllegalStateException("the server did not come by a Path: " + request);
    }
    InetSocketAddress device = flows.get(route.group(1));
    if (device == null || lost.containsKey(device)) {
      if (!request.startsWith("ACK ")) {
        socket.say(flowFailed(request), server);
      }
      return;
    }
    String routeless = route.replaceFirst("");
    bring(routeless, device);
    InetSocketAddress also = forks.get(device);
    if (also != null && isOutOfDialog(request)) {
      bring(routeless, also);
    }
  }

  private static boolean isOutOfDialog(String request) {
    return !UdpSip.header(request, "To").contains(";tag=");
  }

  private void bring(String request, InetSocketAddress device) {
    String more = request.startsWith("INVITE ") ? recordRoute(device) : "";
    socket.say(forwarded(request, device, more), device);
  }

  /// To whoever wrote the Via below ours.
  private void answered(String response) {
    String below = OWN_VIA.matcher(response).replaceFirst("$1");
    String via = UdpSip.header(below, "Via");
    Matcher sentBy = Pattern.compile("SIP/2.0/UDP ([\\d.]+):(\\d+)").matcher(via);
    if (!sentBy.find()) {
      throw new IllegalStateException("nobody to answer: " + response);
    }
    InetSocketAddress to =
        new InetSocketAddress(sentBy.group(1), Integer.parseInt(sentBy.group(2)));
    if (UdpSip.header(response, "CSeq").endsWith(" REGISTER")) {
      Optional.of(UdpSip.header(response, "Service-Route"))
          .filter(route -> !route.isEmpty())
          .ifPresent(route -> serviceRoutes.put(to, "Route: " + route + "\r\n"));
    }
    socket.say(below, to);
  }

  /// With a Via of ours, whose branch is that of the transaction (RFC 3261 §16.11).
  private String forwarded(String request, InetSocketAddress flow, String more) {
    int line = request.indexOf("\r\n") + 2;
    String branch = UdpSip.header(request, "Via").replaceFirst(".*branch=([^;]+).*", "$1");
    return request.substring(0, line)
        + "Via: SIP/2.0/UDP %s:%d;branch=%s%s\r\n"
            .formatted(HOST, address().getPort(), branch, token(flow))
        + more
        + request.substring(line);
  }

  private String recordRoute(InetSocketAddress device) {
    return "Record-Route: " + pathOf(device).replace(";ob", "") + "\r\n";
  }

  private String token(InetSocketAddress device) {
    String token = "flow" + device.getPort();
    flows.put(token, device);
    return token;
  }

  private static String flowFailed(String request) {
    StringBuilder answer = new StringBuilder("SIP/2.0 430 Flow Failed\r\n");
    request
        .split("\r\n\r\n", 2)[0]
        .lines()
        .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
        .map(line -> line.startsWith("To: ") ? line + ";tag=" + SipText.random(4) : line)
        .forEach(line -> answer.append(line).append("\r\n"));
    return answer.append("Content-Length: 0\r\n\r\n").toString();
  }

  @Override
  public void close() {
    socket.close();
  }
}
