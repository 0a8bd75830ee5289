package io.continuo.sip.sdp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// What one side says of a chat in its `m=message` line (RFC 4975 §8).
///
/// @param address from `c=`, of the line itself or of the session
/// @param port 0: the line is refused; 9: an active side that listens nowhere
/// @param acceptTypes `a=accept-types` in lower case, may hold `*`
/// @param acceptWrappedTypes `a=accept-wrapped-types` in lower case, empty when absent
/// @param path `a=path` URIs, outermost relay first
/// @param setup `a=setup` when there is one (RFC 6135 §4.2)
/// @param newConnection `a=connection:new` (RFC 4145 §5)
/// @param maxSize `a=max-size` in bytes
/// @param cema `a=msrp-cema` (RFC 6714 §4)
/// @param multiClient `a=multi-client`: the device stays in sessions that siblings take part in
/// @param fingerprints `a=fingerprint` values as written, in order (RFC 8122 §5); those of the
///   session when the line has none
public record MessageSdp(
    String address,
    int port,
    Protocol protocol,
    List<String> acceptTypes,
    List<String> acceptWrappedTypes,
    List<String> path,
    Optional<Setup> setup,
    boolean newConnection,
    OptionalLong maxSize,
    boolean cema,
    boolean multiClient,
    Direction direction,
    List<String> fingerprints) {

  /// Transports of MSRP that an m-line can name.
  public enum Protocol {
    TCP_MSRP("TCP/MSRP"),
    TCP_TLS_MSRP("TCP/TLS/MSRP");

    private final String text;

    Protocol(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    static Optional<Protocol> of(String text) {
      return List.of(values()).stream().filter(p -> p.text.equalsIgnoreCase(text)).findFirst();
    }
  }

  /// `a=setup` (RFC 4145 §4).
  public enum Setup {
    ACTIVE,
    PASSIVE,
    ACTPASS,
    HOLDCONN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Which way messages may go (RFC 3264 §5.1).
  public enum Direction {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE;

    private final String text = name().toLowerCase(Locale.ROOT);

    public String text() {
      return text;
    }

    /// What an answer to an offer of this says (RFC 3264 §6).
    public Direction mirrored() {
      return switch (this) {
        case SENDRECV -> SENDRECV;
        case SENDONLY -> RECVONLY;
        case RECVONLY -> SENDONLY;
        case INACTIVE -> INACTIVE;
      };
    }
  }

  public MessageSdp {
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    path = List.copyOf(path);
    fingerprints = List.copyOf(fingerprints);
  }
}
