package io.continuo.server.transport.sip;

import io.continuo.server.configuration.SipSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpoint;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who we are on the wire: our domain, our host, and the endpoint once it is attached.
///
/// Threading: any thread.
final class OwnAddress {
  /// The user part of our Contact when it is no group's.
  static final String SERVER_USER = "continuo";

  private final SipSettings settings;
  private volatile @Nullable SipEndpoint endpoint;

  OwnAddress(SipSettings settings) {
    this.settings = settings;
  }

  void attach(SipEndpoint started) {
    this.endpoint = started;
  }

  /// Empty until [#attach].
  Optional<SipEndpoint> endpoint() {
    return Optional.ofNullable(endpoint);
  }

  /// Whether a host is our domain or the address that we listen on.
  boolean isOurs(String host) {
    return host.equalsIgnoreCase(settings.domain()) || host.equalsIgnoreCase(settings.uriHost());
  }

  boolean isDomain(String host) {
    return host.equalsIgnoreCase(settings.domain());
  }

  String domain() {
    return settings.domain();
  }

  /// An address as our subscribers have it: with our domain where it names our host.
  Optional<AddressOfRecord> canonical(String uri) {
    return AddressOfRecord.parse(uri)
        .map(address ->
            address.host().equalsIgnoreCase(settings.uriHost()) && !address.user().isEmpty()
                ? new AddressOfRecord(
                    "sip:" + address.user() + "@" + settings.domain().toLowerCase(Locale.ROOT))
                : address);
  }

  /// A Contact that in-dialog requests reach us by. A group's keeps its user part, so that it is
  /// the group's URI at this server (RFC 4579 §4).
  ///
  /// @param focus the group's URI; empty for none
  /// @param transport the one that the dialog begins over, whose port is named
  /// @param uriParameters of the URI, each with its semicolon
  String contact(String focus, Flow.Transport transport, String uriParameters) {
    String user =
        focus.isEmpty()
            ? SERVER_USER
            : AddressOfRecord.parse(focus).map(AddressOfRecord::user).orElse(focus);
    int port = endpoint().map(e -> e.address(transport).getPort()).orElse(settings.port());
    return "<sip:"
        + user
        + "@"
        + settings.uriHost()
        + ":"
        + port
        + (transport.reliable() ? ";transport=" + transport.uriParameter() : "")
        + uriParameters
        + ">"
        + (focus.isEmpty() ? "" : ";isfocus")
        + ";+g.oma.sip-im";
  }
}
