package io.continuo.sip;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a message came from and how to send back the same way (RFC 5626 §2: a flow).
///
/// @param remote the peer's address as seen on the wire
/// @param connection identifies one connection in this process; 0 for UDP
public record Flow(Transport transport, InetSocketAddress remote, long connection) {

  /// Transports there are (RFC 3261 §18; RFC 7118 for WebSocket).
  public enum Transport {
    UDP("udp", false, false),
    TCP("tcp", true, false),
    TLS("tls", true, true),
    WS("ws", true, false),
    WSS("ws", true, true);

    private static final Pattern PARAMETER =
        Pattern.compile(";\\s*transport\\s*=\\s*([^;?>\\s]+)", Pattern.CASE_INSENSITIVE);

    private final String uriParameter;
    private final boolean reliable;
    private final boolean secure;

    Transport(String uriParameter, boolean reliable, boolean secure) {
      this.uriParameter = uriParameter;
      this.reliable = reliable;
      this.secure = secure;
    }

    /// Whether it has connections, over which nothing is lost or repeated while they stand.
    public boolean reliable() {
      return reliable;
    }

    /// Whether TLS protects it.
    public boolean secure() {
      return secure;
    }

    /// Whether a WebSocket carries it: peers connect to us, we never to them (RFC 7118 §5).
    public boolean webSocket() {
      return this == WS || this == WSS;
    }

    /// As in Via: `WSS` (RFC 3261 §20.42, RFC 7118 §5.2.1).
    public String via() {
      return name();
    }

    /// The value of a URI's `transport` parameter: `tcp`; `ws` over TLS too (RFC 7118 §5.2.2), and
    /// `tls`, which RFC 3261 deprecates and everybody writes.
    public String uriParameter() {
      return uriParameter;
    }

    /// As stored and shown: `wss`.
    public String lower() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// What a SIP URI says (RFC 3261 §19.1.1, §26.2.2); empty when it says nothing or something
    /// that we do not speak. `sips:` makes TCP to TLS and `ws` to WSS.
    public static Optional<Transport> ofUri(String uri) {
      String stripped = uri.strip();
      String text = stripped.startsWith("<") ? stripped.substring(1) : stripped;
      boolean sips = text.regionMatches(true, 0, "sips:", 0, 5);
      Matcher parameter = PARAMETER.matcher(text.substring(text.indexOf('@') + 1));
      String named = parameter.find() ? parameter.group(1).toLowerCase(Locale.ROOT) : "";
      return switch (named) {
        case "udp" -> Optional.of(sips ? TLS : UDP);
        case "tcp" -> Optional.of(sips ? TLS : TCP);
        case "tls" -> Optional.of(TLS);
        case "ws" -> Optional.of(sips ? WSS : WS);
        case "wss" -> Optional.of(WSS);
        case "" -> sips ? Optional.of(TLS) : Optional.empty();
        default -> Optional.empty();
      };
    }
  }

  /// Reads what [#toString] wrote.
  public static Optional<Flow> parse(String text) {
    String[] parts = text.split("/", -1);
    int colon = parts.length == 3 ? parts[1].lastIndexOf(':') : -1;
    if (colon < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Flow(
              Transport.valueOf(parts[0].toUpperCase(Locale.ROOT)),
              new InetSocketAddress(
                  parts[1].substring(0, colon), Integer.parseInt(parts[1].substring(colon + 1))),
              Long.parseLong(parts[2])));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /// `tcp/192.0.2.1:5060/17`.
  @Override
  public String toString() {
    return transport.lower()
        + "/"
        + remote.getAddress().getHostAddress()
        + ":"
        + remote.getPort()
        + "/"
        + connection;
  }
}
