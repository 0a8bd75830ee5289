package io.continuo.sip.dns;

import io.continuo.sip.Flow;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a SIP URI says of where a request goes (RFC 3263 §4): its TARGET, and what else it names.
///
/// @param host name or address, without brackets; that of `maddr` when there is one
/// @param transport empty when it names none
/// @param secure whether it is a `sips:` URI, which only TLS is good for
public record NextServer(
    String host, OptionalInt port, Optional<Flow.Transport> transport, boolean secure) {
  private static final Pattern FORM =
      Pattern.compile(
          "(sips?):(?:[^@]*@)?(\\[[0-9a-fA-F:.]+\\]|[^\\[\\]:;?>]+)(?::([0-9]{1,5}))?(;[^?]*)?(\\?.*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern MADDR =
      Pattern.compile(
          ";\\s*maddr\\s*=\\s*(\\[[0-9a-fA-F:.]+\\]|[^;?\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern TRANSPORT =
      Pattern.compile(";\\s*transport\\s*=", Pattern.CASE_INSENSITIVE);

  /// Empty when it is no SIP URI, or names a transport that we do not speak.
  public static Optional<NextServer> parse(String uri) {
    Matcher form = FORM.matcher(uri.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    String parameters = form.group(4) == null ? "" : form.group(4);
    boolean named = TRANSPORT.matcher(parameters).find();
    Optional<Flow.Transport> transport = named ? Flow.Transport.ofUri(uri) : Optional.empty();
    OptionalInt port =
        form.group(3) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(form.group(3)));
    if (named && transport.isEmpty() || port.isPresent() && !isPort(port.getAsInt())) {
      return Optional.empty();
    }
    Matcher maddr = MADDR.matcher(parameters);
    String host = maddr.find() ? maddr.group(1) : form.group(2);
    return Optional.of(
        new NextServer(
            host.replace("[", "").replace("]", ""),
            port,
            transport,
            form.group(1).equalsIgnoreCase("sips")));
  }

  private static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }

  /// The address, when no look-up is needed.
  public Optional<InetAddress> literal() {
    boolean address = host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
    if (!address) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException outOfRange) {
      return Optional.empty();
    }
  }

  /// What is spoken when neither the URI nor DNS says (RFC 3263 §4.1).
  Flow.Transport defaultTransport() {
    return transport.orElse(secure ? Flow.Transport.TLS : Flow.Transport.UDP);
  }

  /// RFC 3261 §19.1.2.
  static int defaultPort(Flow.Transport transport) {
    return transport.secure() ? 5061 : 5060;
  }
}
