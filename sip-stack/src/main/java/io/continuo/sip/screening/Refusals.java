package io.continuo.sip.screening;

import io.continuo.sip.Flow;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes answers to messages that the stack never sees (RFC 3261 §8.2.6, §18.2.2).
public final class Refusals {
  private static final Pattern VIA =
      Pattern.compile(
          "(?i)SIP\\s*/\\s*[0-9]{1,4}\\.[0-9]{1,4}\\s*/\\s*[A-Za-z]+\\s+(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)\\s*(?::\\s*([0-9]{1,5}))?\\s*(;.*)?");

  private static final Pattern RPORT =
      Pattern.compile(";\\s*rport\\s*(;|$)", Pattern.CASE_INSENSITIVE);
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
    Matcher via = VIA.matcher(vias.isEmpty() ? "" : vias.getFirst());
    if (!via.matches()) {
      return Optional.empty();
    }
    boolean rport = via.group(3) != null && RPORT.matcher(via.group(3)).find();
    StringBuilder text = begun(verdict);
    append(text, "Via", marked(vias.getFirst(), flow.remote(), rport));
    vias.stream().skip(1).forEach(more -> append(text, "Via", more));
    return Optional.of(
        new Answer(back(flow, via.group(2), rport), finished(text, request, verdict)));
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
    return text.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void copy(StringBuilder text, SipHeaders headers) {
    headers.first("From").ifPresent(from -> append(text, "From", from));
    headers.first("To").ifPresent(to -> append(text, "To", tagged(to)));
    headers.first("Call-ID").ifPresent(id -> append(text, "Call-ID", id));
    headers.first("CSeq").ifPresent(sequence -> append(text, "CSeq", sequence));
  }

  private String tagged(String to) {
    return to.contains(";tag=") ? to : to + ";tag=" + tag;
  }

  private static String marked(String via, InetSocketAddress source, boolean rport) {
    String received = ";received=" + source.getAddress().getHostAddress();
    return rport
        ? RPORT.matcher(via).replaceFirst(";rport=" + source.getPort() + "$1") + received
        : via + received;
  }

  private static Flow back(Flow flow, String port, boolean rport) {
    if (flow.transport().reliable() || rport) {
      return flow;
    }
    int sentBy = port == null ? DEFAULT_PORT : Integer.parseInt(port);
    boolean usable = sentBy > 0 && sentBy <= 65_535;
    return usable
        ? new Flow(flow.transport(), new InetSocketAddress(flow.remote().getAddress(), sentBy), 0)
        : flow;
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append("\r\n").append(name).append(": ").append(value);
  }
}
