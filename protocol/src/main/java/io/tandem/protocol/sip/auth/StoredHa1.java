package io.tandem.protocol.sip.auth;

import org.jspecify.annotations.Nullable;

/**
 * What a server keeps instead of a password: H(username:realm:password), one per algorithm,
 * lower-case hex. An algorithm without a hash cannot be used by that user.
 */
public record StoredHa1(@Nullable String md5, @Nullable String sha256) {

  /** Both hashes of a password. */
  public static StoredHa1 of(String username, String realm, String password) {
    String a1 = username + ':' + realm + ':' + password;
    return new StoredHa1(DigestAlgorithm.MD5.hash(a1), DigestAlgorithm.SHA_256.hash(a1));
  }

  @Nullable String of(DigestAlgorithm algorithm) {
    return algorithm == DigestAlgorithm.MD5 ? md5 : sha256;
  }

  /** Masked: an HA1 is as good as a password within its realm (PRV-4). */
  @Override
  public String toString() {
    return "StoredHa1[masked]";
  }
}
