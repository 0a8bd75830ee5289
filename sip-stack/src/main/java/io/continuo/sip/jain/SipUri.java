package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The parts of a SIP URI that say where a request goes (RFC 3261 §19.1.1).
///
/// @param host name or address, without brackets
record SipUri(String host, int port, Flow.Transport transport) {
  private static final Pattern FORM =
      Pattern.compile(
          "sips?:(?:[^@]*@)?(\\[[0-9a-fA-F:.]+\\]|[^\\[\\]:;?>]+)(?::([0-9]{1,5}))?(;[^?]*)?(\\?.*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final int DEFAULT_PORT = 5060;
  private static final int DEFAULT_SECURE_PORT = 5061;

  static Optional<SipUri> parse(String uri) {
    Matcher form = FORM.matcher(uri.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    Flow.Transport transport = Flow.Transport.ofUri(uri).orElse(Flow.Transport.UDP);
    int byDefault = transport.secure() ? DEFAULT_SECURE_PORT : DEFAULT_PORT;
    int port = form.group(2) == null ? byDefault : Integer.parseInt(form.group(2));
    String host = withoutBrackets(form.group(1));
    return port < 1 || port > 65_535
        ? Optional.empty()
        : Optional.of(new SipUri(host, port, transport));
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Whether no look-up is needed.
  boolean literal() {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }
}
