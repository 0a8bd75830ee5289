package io.continuo.sip.screening;

import io.continuo.sip.Flow;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// Writes answers to messages that the stack never sees (RFC 3261 §8.2.6, §18.2.2).
public final class Refusals {
  private static final int DEFAULT_PORT = 5060;

  private final String serverName;
  private final String tag;

  /// @param tag the To-tag of all refusals: they are stateless, so a repeated request must get the
  ///   same (RFC 3261 §8.2.7)
  public Refusals(String serverName, String tag) {
    this.serverName = serverName;
    this.tag = tag;
  }

  /// An answer and where it goes.
  public record Answer(Flow flow, byte[] bytes) {}

  /// The answer; empty when the request's topmost Via is unusable. A request that has all but a Via
  /// is answered to where it came from, so that its sender learns what is missing.
  public Optional<Answer> write(RawMessage request, Flow flow, Verdict.Refuse verdict) {
    List<String> vias = request.headers().elements("Via");
    if (vias.isEmpty() && isOtherwiseComplete(request.headers())) {
      return Optional.of(new Answer(flow, finished(begun(verdict), request, verdict)));
    }
    Optional<ViaField> top = vias.isEmpty() ? Optional.empty() : ViaField.read(vias.getFirst());
    return top.map(via -> {
      StringBuilder text = begun(verdict);
      append(text, "Via", marked(vias.getFirst(), flow.remote(), via.rport()));
      vias.stream().skip(1).forEach(more -> append(text, "Via", more));
      return new Answer(back(flow, via), finished(text, request, verdict));
    });
  }

  // Junk stays unanswered: an answer larger than what caused it would serve attacks on a third.
  private static boolean isOtherwiseComplete(SipHeaders headers) {
    return List.of("From", "To", "Call-ID", "CSeq").stream().allMatch(headers::has);
  }

  private static StringBuilder begun(Verdict.Refuse verdict) {
    return new StringBuilder(512)
        .append("SIP/2.0 ")
        .append(verdict.status())
        .append(' ')
        .append(verdict.reason());
  }

  private byte[] finished(StringBuilder text, RawMessage request, Verdict.Refuse verdict) {
    copy(text, request.headers());
    for (SipHeader header : verdict.headers().all()) {
      append(text, header.name(), header.value());
    }
    append(text, "Server", serverName);
    append(text, "Content-Length", "0");
    return text.append("\r\n\r\n").toString().getBytes(request.charset());
  }

  private void copy(StringBuilder text, SipHeaders headers) {
    headers.first("From").ifPresent(from -> append(text, "From", from));
    headers.first("To").ifPresent(to -> append(text, "To", tagged(to)));
    headers.first("Call-ID").ifPresent(id -> append(text, "Call-ID", id));
    headers.first("CSeq").ifPresent(sequence -> append(text, "CSeq", sequence));
  }

  private String tagged(String to) {
    boolean tagged = NameAddr.parse(to).flatMap(address -> address.parameter("tag")).isPresent();
    return tagged ? to : to + ";tag=" + tag;
  }

  // RFC 3581 §4: the port goes where a bare `rport` was.
  private static String marked(String via, InetSocketAddress source, int rport) {
    String received = ";received=" + source.getAddress().getHostAddress();
    return rport < 0
        ? via + received
        : via.substring(0, rport) + "=" + source.getPort() + via.substring(rport) + received;
  }

  private static Flow back(Flow flow, ViaField via) {
    if (flow.transport().reliable() || via.rport() >= 0) {
      return flow;
    }
    int port = via.port() == 0 ? DEFAULT_PORT : via.port();
    return new Flow(flow.transport(), new InetSocketAddress(flow.remote().getAddress(), port), 0);
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append("\r\n").append(name).append(": ").append(value);
  }
}
