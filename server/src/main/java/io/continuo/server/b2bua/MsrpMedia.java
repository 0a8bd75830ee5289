package io.continuo.server.b2bua;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/// One side's offer or answer for the `m=message` line of a chat (RFC 4975 §8, RFC 6135 §4).
///
/// @param path `a=path` URIs, outermost relay first, the endpoint last; at least one
/// @param setup `a=setup`; a peer that says none is [Setup#ACTIVE] as offerer and [Setup#PASSIVE]
///   as answerer (RFC 4975 §5.4: the offerer connects)
/// @param port the port of the m-line as written (9 from an active side, 0 when refused)
/// @param acceptTypes `accept-types` in lower case
/// @param acceptWrappedTypes `accept-wrapped-types` in lower case, empty when absent
/// @param maxSize `max-size` in bytes, `Long.MAX_VALUE` when absent
/// @param multiClient whether the SDP says `a=multi-client`, or the message's `Supported` has the
///   option tag
/// @param carriage what carries the session
/// @param receives whether this side may be sent messages now: its direction is `sendrecv` or
///   `recvonly` (RFC 3264 §5.1)
public record MsrpMedia(
    List<String> path,
    Setup setup,
    int port,
    List<String> acceptTypes,
    List<String> acceptWrappedTypes,
    long maxSize,
    boolean multiClient,
    Carriage carriage,
    boolean receives) {

  /// `a=setup` (RFC 4145 §4).
  public enum Setup {
    ACTIVE,
    PASSIVE,
    ACTPASS,
    /// Nobody connects for the time being.
    HOLDCONN
  }

  /// What carries a session, beside the path.
  ///
  /// @param secure whether it is `TCP/TLS/MSRP` (RFC 4975 §8.1)
  /// @param address where the media is, from `c=`; empty when unsaid
  /// @param cema `a=msrp-cema`: when both sides say so, the active one connects to `c=` and `m=`
  ///   rather than to the path (RFC 6714 §4)
  /// @param fingerprints one of them is that of the certificate which this side shows
  public record Carriage(
      boolean secure, String address, boolean cema, List<Fingerprint> fingerprints) {
    /// TCP where the path says.
    public static final Carriage PLAIN = new Carriage(false, "", false, List.of());

    public Carriage {
      fingerprints = List.copyOf(fingerprints);
    }
  }

  /// One side that may be sent messages.
  public MsrpMedia(
      List<String> path,
      Setup setup,
      int port,
      List<String> acceptTypes,
      List<String> acceptWrappedTypes,
      long maxSize,
      boolean multiClient,
      Carriage carriage) {
    this(path, setup, port, acceptTypes, acceptWrappedTypes, maxSize, multiClient, carriage, true);
  }

  /// One side on plain TCP.
  public MsrpMedia(
      List<String> path,
      Setup setup,
      int port,
      List<String> acceptTypes,
      List<String> acceptWrappedTypes,
      long maxSize,
      boolean multiClient) {
    this(path, setup, port, acceptTypes, acceptWrappedTypes, maxSize, multiClient, Carriage.PLAIN);
  }

  /// Whether this side is reached over a WebSocket (RFC 7977 §5.2). A client there cannot listen,
  /// so it is always the active side.
  public boolean overWebSocket() {
    return isWebSocket(path.getFirst());
  }

  static boolean isWebSocket(String msrpUri) {
    String parameters = msrpUri.substring(msrpUri.indexOf(';') + 1).toLowerCase(Locale.ROOT);
    String transport = parameters.split(";", 2)[0];
    return transport.equals("ws") || transport.equals("wss");
  }

  /// The same in this role.
  public MsrpMedia as(Setup role) {
    return new MsrpMedia(
        path,
        role,
        portOf(path, role),
        acceptTypes,
        acceptWrappedTypes,
        maxSize,
        multiClient,
        carriage,
        receives);
  }

  /// The same after its direction was said anew.
  public MsrpMedia receiving(boolean now) {
    return new MsrpMedia(
        path, setup, port, acceptTypes, acceptWrappedTypes, maxSize, multiClient, carriage, now);
  }

  /// What a side writes into its m-line: the port of its outermost URI; an active side listens
  /// nowhere (RFC 4145 §4.1).
  static int portOf(List<String> path, Setup role) {
    String uri = path.getFirst();
    int parameters = uri.indexOf(';');
    return role == Setup.ACTIVE
        ? DISCARD_PORT
        : URI.create(parameters < 0 ? uri : uri.substring(0, parameters)).getPort();
  }

  private static final int DISCARD_PORT = 9;

  public MsrpMedia {
    path = List.copyOf(path);
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("no path");
    }
  }
}
