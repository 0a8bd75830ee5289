package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Registration;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The globally routable URIs of devices (RFC 5627). A public GRUU is the subscriber's address with
/// the instance in `gr`. A temporary one tells nothing: subscriber, instance and Call-ID of the
/// registration are sealed in its user part (AES-GCM with a key of ours and a random nonce), so
/// nothing is kept for it, and nobody can make one or tell which two belong together. It is good
/// while the device is registered by that Call-ID (RFC 5627 §5.4).
///
/// Threading: any thread.
final class Gruus {
  private static final String TEMPORARY = "tgruu.";
  private static final Pattern GR = Pattern.compile("(?i);gr(?:=([^;?>\\s]*))?(?=[;?>]|$)");
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int CALL_BYTES = 8;

  private final SecretKeySpec key;
  private final OwnAddress own;
  private final SecureRandom random;

  /// @param secret the same on every node and after a restart
  Gruus(byte[] secret, OwnAddress own, SecureRandom random) {
    this.key = new SecretKeySpec(Arrays.copyOf(derived(secret), KEY_BYTES), "AES");
    this.own = own;
    this.random = random;
  }

  private static byte[] derived(byte[] secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal("temporary GRUU".getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  /// What a GRUU names.
  sealed interface Named {
    AddressOfRecord subscriber();

    /// `+sip.instance` without brackets.
    String instance();

    /// @param instance as [io.continuo.server.identity.DeviceId] has it
    record Publicly(AddressOfRecord subscriber, String instance) implements Named {}

    /// @param call stands for the Call-ID of the registration
    record Temporarily(AddressOfRecord subscriber, String instance, String call) implements Named {

      boolean isOf(String callId) {
        return call.equals(Gruus.call(callId));
      }
    }
  }

  /// The public GRUU of a device.
  String publicly(AddressOfRecord subscriber, String instance) {
    return address(subscriber) + ";gr=" + escaped(instance);
  }

  /// A new temporary GRUU of a device.
  ///
  /// @param callId of the REGISTER that binds it
  String temporarily(AddressOfRecord subscriber, String instance, String callId) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] plain =
        (call(callId) + "\n" + subscriber + "\n" + instance).getBytes(StandardCharsets.UTF_8);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] token =
          ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
      return "sip:"
          + TEMPORARY
          + Base64.getUrlEncoder().withoutPadding().encodeToString(token)
          + "@"
          + own.domain()
          + ";gr";
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  /// What a URI names, when it is a GRUU; a temporary one that is not of our making names nothing.
  Optional<Named> read(String uri) {
    Matcher gr = GR.matcher(uri);
    if (!gr.find()) {
      return Optional.empty(); // as most are: before anything costlier is asked
    }
    Optional<AddressOfRecord> address = own.canonical(uri);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    boolean temporary = address.get().user().startsWith(TEMPORARY);
    if (temporary) {
      return opened(address.get().user().substring(TEMPORARY.length()));
    }
    String instance = gr.group(1) == null ? "" : unescaped(gr.group(1));
    return instance.isEmpty()
        ? Optional.empty()
        : Optional.of(new Named.Publicly(address.get(), lowerUuid(instance)));
  }

  /// Whether it has the form of a GRUU, of ours or of others.
  static boolean isGruu(String uri) {
    return GR.matcher(uri).find();
  }

  /// A Contact that is a GRUU, with the instance that it names, so that the device is known again
  /// by that (RFC 5627 §4.4: a device may put its GRUU into Contact).
  Registration.Contact resolved(Registration.Contact contact) {
    Optional<Named> named = read(contact.uri());
    if (named.isEmpty() || contact.parameters().containsKey("+sip.instance")) {
      return contact;
    }
    Map<String, String> parameters = new HashMap<>(contact.parameters());
    parameters.put("+sip.instance", "<" + named.get().instance() + ">");
    return new Registration.Contact(contact.uri(), parameters);
  }

  private Optional<Named> opened(String token) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
    if (bytes.length <= NONCE_BYTES) {
      return Optional.empty();
    }
    try {
      byte[] plain =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, NONCE_BYTES))
              .doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      String[] parts = new String(plain, StandardCharsets.UTF_8).split("\n", 3);
      return Optional.of(new Named.Temporarily(AddressOfRecord.of(parts[1]), parts[2], parts[0]));
    } catch (AEADBadTagException forged) {
      return Optional.empty();
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  private static String call(String callId) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(callId.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, CALL_BYTES));
    } catch (GeneralSecurityException everyJvmHasIt) {
      throw new IllegalStateException(everyJvmHasIt);
    }
  }

  /// As a SIP URI: who has a telephone number only has it at our domain.
  private String address(AddressOfRecord subscriber) {
    return subscriber.uri().startsWith("sip:")
        ? subscriber.uri()
        : "sip:" + subscriber.number().orElse("") + "@" + own.domain();
  }

  private static String lowerUuid(String instance) {
    return instance.regionMatches(true, 0, "urn:uuid:", 0, 9)
        ? instance.toLowerCase(Locale.ROOT)
        : instance;
  }

  /// Empty when it is malformed.
  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return "";
    }
  }

  /// RFC 3261 §25.1 `paramchar`.
  private static String escaped(String instance) {
    StringBuilder text = new StringBuilder();
    for (byte b : instance.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          c < 128 && (Character.isLetterOrDigit(c) || "[]/:&+$-_.!~*'()".indexOf(c) >= 0);
      text.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return text.toString();
  }
}
