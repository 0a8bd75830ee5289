package io.continuo.device.sip;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Answers digest challenges (RFC 3261 §22, RFC 7616, RFC 8760): the first challenge whose
/// algorithm is known.
public final class DigestAnswer {
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z-]+)\\s*=\\s*(\"[^\"]*\"|[^,\\s]+)");
  private static final Map<String, String> ALGORITHMS = Map.of("SHA-256", "SHA-256", "MD5", "MD5");

  private DigestAnswer() {}

  /// The header field that answers the challenge in a 401 or 407, if one can be answered.
  public static Optional<SipHeaders.Field> to(
      SipResponse challenged, SipRequest request, String user, String password) {
    boolean proxy = challenged.status() == 407;
    String from = proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    String name = proxy ? "Proxy-Authorization" : "Authorization";
    return challenged.headers().fields().stream()
        .filter(field -> field.name().equalsIgnoreCase(from))
        .map(field -> parameters(field.value()))
        .filter(challenge -> ALGORITHMS.containsKey(algorithm(challenge)))
        .findFirst()
        .map(challenge -> new SipHeaders.Field(name, answer(challenge, request, user, password)));
  }

  private static Map<String, String> parameters(String challenge) {
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Matcher found = PARAMETER.matcher(challenge);
    while (found.find()) {
      parameters.put(found.group(1), found.group(2).replace("\"", ""));
    }
    return parameters;
  }

  private static String algorithm(Map<String, String> challenge) {
    return challenge.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
  }

  private static String answer(
      Map<String, String> challenge, SipRequest request, String user, String password) {
    String algorithm = algorithm(challenge);
    String realm = challenge.getOrDefault("realm", "");
    String nonce = challenge.getOrDefault("nonce", "");
    String ha1 = hash(algorithm, user + ":" + realm + ":" + password);
    String ha2 = hash(algorithm, request.method() + ":" + request.uri());
    boolean qop = challenge.containsKey("qop");
    String cnonce = SipText.random(8);
    String middle = qop ? nonce + ":00000001:" + cnonce + ":auth" : nonce;
    StringBuilder answer = new StringBuilder("Digest ");
    answer.append("username=\"%s\", realm=\"%s\", nonce=\"%s\"".formatted(user, realm, nonce));
    answer.append(", uri=\"%s\"".formatted(request.uri()));
    answer.append(", response=\"%s\"".formatted(hash(algorithm, ha1 + ":" + middle + ":" + ha2)));
    answer.append(", algorithm=").append(algorithm);
    if (qop) {
      answer.append(", qop=auth, nc=00000001, cnonce=\"%s\"".formatted(cnonce));
    }
    String opaque = challenge.get("opaque");
    return opaque == null ? answer.toString() : answer + ", opaque=\"%s\"".formatted(opaque);
  }

  /// Lower-case hex of the hash of `text`: `MD5` or `SHA-256`.
  public static String hash(String algorithm, String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException notInThisJdk) {
      throw new IllegalStateException(notInThisJdk);
    }
  }
}
