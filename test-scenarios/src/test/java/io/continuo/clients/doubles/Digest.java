package io.continuo.clients.doubles;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The answer to a challenge as all these clients compute it: MD5 (RFC 2617 §3.2.2).
///
/// @param challenge the value of the first challenge: none of them looks at a second one
record Digest(String challenge) {
  static final String COUNT = "00000001";

  Digest {
    String algorithm = parameter(challenge, "algorithm");
    if (!algorithm.isEmpty() && !algorithm.equals("MD5")) {
      throw new AssertionError("the first challenge asks for " + algorithm + ": " + challenge);
    }
  }

  String nonce() {
    return parameter(challenge, "nonce");
  }

  String realm() {
    return parameter(challenge, "realm");
  }

  String response(String user, String password, String method, String uri, String cnonce) {
    if (!parameter(challenge, "qop").contains("auth")) {
      throw new AssertionError("no qop=auth: " + challenge);
    }
    String secret = md5(user + ":" + realm() + ":" + password);
    return md5(String.join(":", secret, nonce(), COUNT, cnonce, "auth", md5(method + ":" + uri)));
  }

  private static String parameter(String challenge, String name) {
    Matcher value =
        Pattern.compile("(?i)\\b" + name + "\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]+))")
            .matcher(challenge);
    if (!value.find()) {
      return "";
    }
    return value.group(1) == null ? value.group(2) : value.group(1);
  }

  private static String md5(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
