package io.continuo.msrp;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Makes transaction ids and Message-IDs: 75 random bits as 15 letters and digits (RFC 4975 §7.1
/// asks for 64).
///
/// Threading: one thread.
public final class TransactionIds {
  private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
  private static final int LENGTH = 15;
  private static final int LETTERS = 26;

  private final RandomGenerator random;

  /// @param random where the bits come from; one that a stranger cannot foresee, tests apart
  public TransactionIds(RandomGenerator random) {
    this.random = random;
  }

  /// Seeded by the system's entropy.
  public static TransactionIds seeded() {
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    return new TransactionIds(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
  }

  /// An id that begins with a letter (RFC 4975 §9: ident).
  public String next() {
    char[] id = new char[LENGTH];
    long bits = random.nextLong();
    for (int i = 0; i < LENGTH; i++) {
      if (i == 8) {
        bits = random.nextLong();
      }
      id[i] = ALPHABET[(int) (bits & 31)];
      bits >>>= 5;
    }
    id[0] = ALPHABET[random.nextInt(LETTERS)];
    return new String(id);
  }
}
