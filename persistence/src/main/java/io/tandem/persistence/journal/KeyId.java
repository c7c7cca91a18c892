package io.tandem.persistence.journal;

import java.security.SecureRandom;
import java.util.HexFormat;

/** The random 128-bit name of a data key; says nothing about whom the key is for. */
public record KeyId(long high, long low) {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A fresh name. */
  public static KeyId random() {
    return new KeyId(RANDOM.nextLong(), RANDOM.nextLong());
  }

  /** Reads the 32 hexadecimal digits of {@link #toString}. */
  public static KeyId parse(String hex) {
    if (hex.length() != 32) {
      throw new IllegalArgumentException("a key id has 32 hexadecimal digits");
    }
    return new KeyId(
        HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
