package io.continuo.device.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The SDP of a chat: one `m=message` line (RFC 4975 §8, RFC 6135 §4).
///
/// @param host for `c=`
/// @param port of the m-line
/// @param path `a=path` URIs
/// @param setup `active`, `passive` or `actpass`; empty when not said
public record MsrpDescription(
    String host,
    int port,
    List<String> path,
    Optional<String> setup,
    List<String> acceptTypes,
    List<String> acceptWrappedTypes,
    boolean multiClient) {
  public MsrpDescription {
    path = List.copyOf(path);
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
  }

  /// The text for a body of type `application/sdp`.
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add("v=0");
    String network = host.contains(":") ? "IN IP6 " : "IN IP4 ";
    lines.add("o=- " + System.nanoTime() + " 1 " + network + host);
    lines.add("s=-");
    lines.add("c=" + network + host);
    lines.add("t=0 0");
    lines.add("m=message " + port + " TCP/MSRP *");
    lines.add("a=accept-types:" + String.join(" ", acceptTypes));
    if (!acceptWrappedTypes.isEmpty()) {
      lines.add("a=accept-wrapped-types:" + String.join(" ", acceptWrappedTypes));
    }
    lines.add("a=path:" + String.join(" ", path));
    setup.ifPresent(role -> lines.add("a=setup:" + role));
    lines.add("a=sendrecv");
    if (multiClient) {
      lines.add("a=multi-client");
    }
    return String.join("\r\n", lines) + "\r\n";
  }

  /// Reads the first `m=message` line of a session description; empty when it has none.
  public static Optional<MsrpDescription> parse(String sdp) {
    List<String> lines = sdp.lines().map(String::strip).toList();
    return value(lines, "m=message ")
        .map(media ->
            new MsrpDescription(
                value(lines, "c=IN IP4 ").or(() -> value(lines, "c=IN IP6 ")).orElse("0.0.0.0"),
                Integer.parseInt(media.split(" ")[0]),
                words(lines, "a=path:"),
                value(lines, "a=setup:"),
                words(lines, "a=accept-types:"),
                words(lines, "a=accept-wrapped-types:"),
                lines.contains("a=multi-client")));
  }

  private static Optional<String> value(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .map(line -> line.substring(prefix.length()).strip());
  }

  private static List<String> words(List<String> lines, String prefix) {
    return value(lines, prefix).map(text -> List.of(text.split("\\s+"))).orElse(List.of());
  }
}
