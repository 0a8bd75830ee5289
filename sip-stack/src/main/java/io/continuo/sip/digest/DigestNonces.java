package io.continuo.sip.digest;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Nonces that prove themselves: time and random bits, signed with a key that lives as long as the
/// process. An issued nonce takes no memory; one that was used *successfully* does, so that its
/// counts cannot be replayed (RFC 7616 §5.12).
///
/// Limit: `maxUsed` used nonces. When full the one used first longest ago is forgotten, and every
/// nonce issued up to the same moment is stale from then on: clients answer one more challenge,
/// nothing can be replayed.
///
/// Threading: any thread.
public final class DigestNonces {
  /// Whether a nonce count may be taken.
  public enum Use {
    FRESH,
    /// Ours, but too old, or its uses are forgotten: a new challenge with `stale=true`.
    STALE,
    /// This count was used before.
    REPLAYED,
    /// We never issued it.
    FOREIGN
  }

  private static final int TIME_BYTES = 8;
  private static final int RANDOM_BYTES = 8;
  private static final int SIGNED_BYTES = TIME_BYTES + RANDOM_BYTES;
  private static final int SIGNATURE_BYTES = 16;
  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final InstantSource clock;
  private final Duration lifetime;
  private final int maxUsed;
  private final SecureRandom random;
  private final SecretKeySpec key;

  /// In order of first use. Guarded by itself.
  private final Map<String, CountWindow> used = new LinkedHashMap<>();

  /// Nonces issued up to here, in milliseconds, are stale. Guarded by `used`.
  private long floor = Long.MIN_VALUE;

  public DigestNonces(InstantSource clock, Duration lifetime, int maxUsed, SecureRandom random) {
    this.clock = clock;
    this.lifetime = lifetime;
    this.maxUsed = maxUsed;
    this.random = random;
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.key = new SecretKeySpec(secret, "HmacSHA256");
  }

  /// A new nonce.
  public String issue() {
    byte[] bits = new byte[RANDOM_BYTES];
    random.nextBytes(bits);
    byte[] signed =
        ByteBuffer.allocate(SIGNED_BYTES).putLong(clock.instant().toEpochMilli()).put(bits).array();
    byte[] all = Arrays.copyOf(signed, SIGNED_BYTES + SIGNATURE_BYTES);
    System.arraycopy(sign(signed), 0, all, SIGNED_BYTES, SIGNATURE_BYTES);
    return TEXT.encodeToString(all);
  }

  /// Whether a nonce is genuine and good, without using it up.
  public Use inspect(String nonce) {
    OptionalLong issued = issuedAt(nonce);
    if (issued.isEmpty()) {
      return Use.FOREIGN;
    }
    Instant end = Instant.ofEpochMilli(issued.getAsLong()).plus(lifetime);
    return clock.instant().isBefore(end) ? Use.FRESH : Use.STALE;
  }

  /// Takes one count of a nonce, after its response was proven.
  public Use use(String nonce, long count) {
    Use good = inspect(nonce);
    if (good != Use.FRESH) {
      return good;
    }
    long issued = issuedAt(nonce).orElseThrow();
    synchronized (used) {
      CountWindow window = used.get(nonce);
      if (window == null && issued <= floor) {
        return Use.STALE;
      }
      if (window == null) {
        makeRoom();
        window = new CountWindow(issued);
        used.put(nonce, window);
      }
      return window.take(count) ? Use.FRESH : Use.REPLAYED;
    }
  }

  private void makeRoom() {
    long expired = clock.instant().minus(lifetime).toEpochMilli();
    Iterator<CountWindow> oldest = used.values().iterator();
    while (oldest.hasNext()) {
      CountWindow window = oldest.next();
      boolean gone = window.issued <= expired;
      if (!gone && used.size() < maxUsed) {
        return;
      }
      if (!gone) {
        floor = Math.max(floor, window.issued);
      }
      oldest.remove();
    }
  }

  private OptionalLong issuedAt(String nonce) {
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(nonce);
    } catch (IllegalArgumentException notBase64) {
      return OptionalLong.empty();
    }
    if (all.length != SIGNED_BYTES + SIGNATURE_BYTES) {
      return OptionalLong.empty();
    }
    byte[] signature = Arrays.copyOfRange(all, SIGNED_BYTES, all.length);
    boolean genuine = MessageDigest.isEqual(signature, sign(Arrays.copyOf(all, SIGNED_BYTES)));
    return genuine ? OptionalLong.of(ByteBuffer.wrap(all).getLong()) : OptionalLong.empty();
  }

  private byte[] sign(byte[] signed) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(signed), SIGNATURE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /// Which counts of one nonce were taken: the highest, and the 63 below it as bits, so that
  /// requests that overtook each other (UDP) are all good once.
  private static final class CountWindow {
    private static final int WIDTH = 64;
    private final long issued;
    private long highest;
    private long taken;

    CountWindow(long issued) {
      this.issued = issued;
    }

    boolean take(long count) {
      if (count <= 0) {
        return false;
      }
      if (count > highest) {
        long ahead = count - highest;
        taken = ahead >= WIDTH ? 1 : taken << ahead | 1;
        highest = count;
        return true;
      }
      long behind = highest - count;
      long bit = behind < WIDTH ? 1L << behind : 0;
      boolean free = bit != 0 && (taken & bit) == 0;
      taken |= bit;
      return free;
    }
  }
}
