package io.tandem.protocol.media.srtp;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The master key and salt of one direction (RFC 3711 3.2.1). Lives in memory only: never in an
 * event, a log or a {@code toString}.
 */
public final class SrtpKeys {
  private final SrtpProfile profile;
  private final byte[] key;
  private final byte[] salt;

  private SrtpKeys(SrtpProfile profile, byte[] key, byte[] salt) {
    this.profile = profile;
    this.key = key;
    this.salt = salt;
  }

  /**
   * Keys as a handshake exported them.
   *
   * @throws IllegalArgumentException when a length is not the profile's
   */
  public static SrtpKeys of(SrtpProfile profile, byte[] key, byte[] salt) {
    if (key.length != profile.keyOctets() || salt.length != profile.saltOctets()) {
      throw new IllegalArgumentException("not the key and salt lengths of " + profile);
    }
    return new SrtpKeys(profile, key.clone(), salt.clone());
  }

  /** Fresh keys. */
  public static SrtpKeys random(SrtpProfile profile, SecureRandom random) {
    byte[] key = new byte[profile.keyOctets()];
    byte[] salt = new byte[profile.saltOctets()];
    random.nextBytes(key);
    random.nextBytes(salt);
    return new SrtpKeys(profile, key, salt);
  }

  /** Key and salt as {@code a=crypto} writes them: base64 of one after the other (RFC 4568 6.1). */
  public static Optional<SrtpKeys> ofBase64(SrtpProfile profile, String text) {
    byte[] both;
    try {
      both = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (both.length != profile.keyOctets() + profile.saltOctets()) {
      return Optional.empty();
    }
    return Optional.of(
        new SrtpKeys(
            profile,
            Arrays.copyOf(both, profile.keyOctets()),
            Arrays.copyOfRange(both, profile.keyOctets(), both.length)));
  }

  /** For {@code a=crypto} only. */
  public String base64() {
    byte[] both = Arrays.copyOf(key, key.length + salt.length);
    System.arraycopy(salt, 0, both, key.length, salt.length);
    return Base64.getEncoder().encodeToString(both);
  }

  /** The profile the keys are for. */
  public SrtpProfile profile() {
    return profile;
  }

  byte[] key() {
    return key;
  }

  byte[] salt() {
    return salt;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SrtpKeys that
        && profile == that.profile
        && MessageDigest.isEqual(key, that.key)
        && MessageDigest.isEqual(salt, that.salt);
  }

  @Override
  public int hashCode() {
    return profile.hashCode();
  }

  /** Masked: media keys are in no log (PRV-4). */
  @Override
  public String toString() {
    return "SrtpKeys[" + profile + "]";
  }
}
