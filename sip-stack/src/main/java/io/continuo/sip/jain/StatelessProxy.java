package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.screening.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Passes a request on along its Route, and its answers back, without keeping anything (RFC 3261
/// §16.11). [Intake] gives it the requests that the application does not want for itself.
///
/// The way back stands in our own Via, signed by its branch: an answer that we did not ask for is
/// never sent anywhere. The branch depends on the request alone, so that a repetition, the CANCEL
/// and the ACK of an INVITE get the same one. No Record-Route: the dialog goes on without us.
///
/// Threading: the stripe of the Call-ID; keeps nothing but its key, which is new with every start.
final class StatelessProxy {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 16;
  private static final Pattern OURS =
      Pattern.compile("SIP/2\\.0/.*;branch=(z9hG4bK[\\w-]+);flow=([\\w-]+).*");
  private static final Pattern BRANCH = Pattern.compile("(?i).*;\\s*branch\\s*=\\s*([^;\\s]+).*");

  private final UserAgent agent;
  private final SecretKeySpec key;

  StatelessProxy(UserAgent agent) {
    this.agent = agent;
    byte[] bits = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bits);
    this.key = new SecretKeySpec(bits, ALGORITHM);
  }

  /// Tells why a request ends here.
  interface Refusing {
    void refuse(Verdict.Refuse verdict);
  }

  /// Sends a request to its next Route, or its Request-URI when there is no other (RFC 3261 §16.6).
  ///
  /// @param topVia the topmost Via with what we noted on it
  /// @param back where answers go
  void pass(SipRequest request, String topVia, Flow back, Refusing refusing) {
    SipHeaders headers = request.headers();
    int hops = Integer.parseInt(headers.first("Max-Forwards").orElse("70"));
    if (hops == 0) {
      refusing.refuse(new Verdict.Refuse(483, "Too Many Hops", SipHeaders.NONE));
      return;
    }
    List<String> routes = headers.elements("Route").stream().skip(1).toList();
    agent.resolve(
        routes,
        request.uri(),
        headers.first("Call-ID").orElse(""),
        target -> {
          if (target instanceof Target.To(var transport, var address, var host)
              && address.equals(agent.address())) {
            refusing.refuse(new Verdict.Refuse(482, "Loop Detected", SipHeaders.NONE));
          } else {
            agent.sendOrForget(target, onward(request, routes, hops - 1, topVia, back, target));
          }
        },
        () -> refusing.refuse(new Verdict.Refuse(503, "No Way On", SipHeaders.NONE)));
  }

  private byte[] onward(
      SipRequest request, List<String> routes, int hops, String topVia, Flow back, Target target) {
    SipHeaders headers = request.headers();
    List<String> vias = new ArrayList<>();
    String way = text(back.toString().getBytes(StandardCharsets.UTF_8));
    vias.add(agent.via(target, branch(way, topVia, headers)) + ";flow=" + way);
    vias.add(topVia);
    headers.elements("Via").stream().skip(1).forEach(vias::add);
    StringBuilder owned = new StringBuilder(512);
    vias.forEach(via -> Wire.append(owned, "Via", via));
    Wire.append(owned, "Max-Forwards", Integer.toString(hops));
    routes.forEach(route -> Wire.append(owned, "Route", route));
    return Wire.encode(
        request.method() + " " + request.uri() + " SIP/2.0",
        owned,
        without(headers, "Via", "Max-Forwards", "Route", "Content-Length"),
        request.body());
  }

  /// Sends an answer on when it is one to a request that was passed on; whether it was.
  boolean returns(SipMessage message) {
    if (!(message instanceof SipResponse response)) {
      return false;
    }
    List<String> vias = response.headers().elements("Via");
    if (vias.size() < 2) {
      return false;
    }
    Optional<Flow> back = wayBack(vias.getFirst(), vias.get(1), response.headers());
    back.ifPresent(flow -> {
      StringBuilder owned = new StringBuilder(512);
      vias.stream().skip(1).forEach(via -> Wire.append(owned, "Via", via));
      byte[] bytes =
          Wire.encode(
              "SIP/2.0 " + response.status() + " " + response.reason(),
              owned,
              without(response.headers(), "Via", "Content-Length"),
              response.body());
      agent.sendOrForget(new Target.Over(flow), bytes);
    });
    return back.isPresent();
  }

  private Optional<Flow> wayBack(String ours, String next, SipHeaders headers) {
    Matcher via = OURS.matcher(ours);
    if (!via.matches()) {
      return Optional.empty();
    }
    byte[] said = via.group(1).getBytes(StandardCharsets.UTF_8);
    byte[] signed = branch(via.group(2), next, headers).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(said, signed)) {
      return Optional.empty();
    }
    byte[] flow = Base64.getUrlDecoder().decode(via.group(2));
    return Flow.parse(new String(flow, StandardCharsets.UTF_8));
  }

  private String branch(String way, String previousVia, SipHeaders headers) {
    Matcher previous = BRANCH.matcher(previousVia);
    String request =
        String.join(
            "\n",
            way,
            previous.matches() ? previous.group(1) : "",
            headers.first("Call-ID").orElse(""),
            headers.first("CSeq").orElse("").split("\\s", 2)[0]);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] signature = mac.doFinal(request.getBytes(StandardCharsets.UTF_8));
      return Identifiers.MAGIC_COOKIE + text(Arrays.copyOf(signature, SIGNATURE_BYTES));
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static SipHeaders without(SipHeaders headers, String... names) {
    List<SipHeader> others =
        headers.all().stream()
            .filter(header -> Arrays.stream(names).noneMatch(header.name()::equalsIgnoreCase))
            .toList();
    return new SipHeaders(others);
  }
}
