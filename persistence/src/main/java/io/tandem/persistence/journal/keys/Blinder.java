package io.tandem.persistence.journal.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns a number or address into the same blind text every time, so that it can be looked up
 * without being kept. A keyed hash (HMAC-SHA-256), as plain hashes of numbers can be tried out in
 * minutes.
 */
public final class Blinder {

  /** 128 bits of the hash: enough that no two numbers ever meet. */
  private static final int KEPT_BYTES = 16;

  private static final int LEAST_KEY_BYTES = 32;

  private final Mac prototype;

  /**
   * @param key at least 32 secret bytes; with another key nothing is found again
   */
  public Blinder(byte[] key) {
    if (key.length < LEAST_KEY_BYTES) {
      throw new IllegalArgumentException("a blinding key has at least 32 bytes");
    }
    try {
      prototype = Mac.getInstance("HmacSHA256");
      prototype.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * The subject of a person known by a telephone number in E.164 form: {@code person:<hmac>}; the
   * same with and without the plus.
   */
  public String person(String e164) {
    return "person:" + blind("tel", e164.startsWith("+") ? e164.substring(1) : e164);
  }

  /** The blind text of a value; the kind keeps equal texts of different kinds apart. */
  public String blind(String kind, String value) {
    try {
      Mac mac = (Mac) prototype.clone();
      mac.update(kind.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      byte[] full = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(full, KEPT_BYTES));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's HMAC can be cloned", e);
    }
  }
}
