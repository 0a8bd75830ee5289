package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature by which we know a request of ours when the core brings it back over ISC (decision
/// 0013). It is the From-tag of every INVITE and MESSAGE that we originate, since every element
/// must keep that and CANCEL and ACK repeat it; an INVITE says it in Contact and in the Route to
/// the core as well, for elements that change tags.
///
/// It holds a nonce and a MAC over the nonce and the addresses in From and To, so that it is good
/// for no other pair of people. 224 bits as 38 characters.
///
/// Threading: any thread.
final class OriginToken {
  /// The URI parameter in Contact and Route.
  static final String PARAMETER = "origin-token";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int SIGNATURE_BYTES = 16;

  /// With the key and nothing else; never updated. A copy costs less than to look the algorithm up
  /// and to expand the key for each request.
  private final Mac keyed;

  private final SecureRandom random;

  /// @param key the same on every node that the core may bring a request back to, and after a
  ///   restart
  OriginToken(byte[] key, SecureRandom random) {
    this.keyed = keyed(key);
    this.random = random;
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  /// A new one for a request between these two.
  String mint(String from, String to) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return text(nonce, from, to);
  }

  /// Whether we originated this request.
  boolean isOn(SipRequest request) {
    SipHeaders headers = request.headers();
    Optional<NameAddr> from = headers.first("From").flatMap(NameAddr::parse);
    Optional<NameAddr> to = headers.first("To").flatMap(NameAddr::parse);
    if (from.isEmpty() || to.isEmpty()) {
      return false;
    }
    Stream<String> inUris =
        Stream.of("Contact", "Route")
            .flatMap(name -> headers.elements(name).stream())
            .flatMap(element -> NameAddr.parse(element).stream())
            .flatMap(address -> parameter(address.uri()).stream());
    return Stream.concat(from.get().parameter("tag").stream(), inUris)
        .anyMatch(token -> isGood(token, from.get().uri(), to.get().uri()));
  }

  private static Optional<String> parameter(String uri) {
    return Arrays.stream(uri.split(";"))
        .filter(part -> part.startsWith(PARAMETER + "="))
        .map(part -> part.substring(PARAMETER.length() + 1))
        .findFirst();
  }

  private boolean isGood(String token, String from, String to) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException foreign) {
      return false;
    }
    return bytes.length == NONCE_BYTES + SIGNATURE_BYTES
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            text(Arrays.copyOf(bytes, NONCE_BYTES), from, to).getBytes(StandardCharsets.UTF_8));
  }

  private String text(byte[] nonce, String from, String to) {
    byte[] token = Arrays.copyOf(nonce, NONCE_BYTES + SIGNATURE_BYTES);
    System.arraycopy(signature(nonce, from, to), 0, token, NONCE_BYTES, SIGNATURE_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  private byte[] signature(byte[] nonce, String from, String to) {
    try {
      Mac mac = (Mac) keyed.clone();
      mac.update(nonce);
      mac.update((canonical(from) + "\n" + canonical(to)).getBytes(StandardCharsets.UTF_8));
      return mac.doFinal();
    } catch (CloneNotSupportedException everyJvmCan) {
      throw new IllegalStateException(everyJvmCan);
    }
  }

  private static String canonical(String uri) {
    return AddressOfRecord.parse(uri).map(AddressOfRecord::uri).orElse(uri);
  }
}
