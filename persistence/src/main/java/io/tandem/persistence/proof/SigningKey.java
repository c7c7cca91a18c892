package io.tandem.persistence.proof;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;

/** The Ed25519 key (RFC 8032) that checkpoints are signed with; shows nothing of itself. */
public final class SigningKey {

  /** Length of the secret. */
  public static final int BYTES = 32;

  private final KeyPair pair;
  private final VerifyingKey verifying;

  /**
   * @param name of the log, as in its checkpoints' first line
   * @param secret the 32 bytes that RFC 8032 calls the private key
   */
  public SigningKey(String name, byte[] secret) {
    if (secret.length != BYTES) {
      throw new IllegalArgumentException("a signing key has 32 bytes, not " + secret.length);
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Fixed(secret));
      pair = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has Ed25519", e);
    }
    verifying = VerifyingKey.of(name, pair.getPublic());
  }

  /** The half that is told to everybody. */
  public VerifyingKey verifying() {
    return verifying;
  }

  byte[] sign(byte[] text) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(pair.getPrivate());
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a checkpoint could not be signed", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey of " + verifying.name();
  }

  /** Gives the generator the very bytes that are the key: the platform has no other way to it. */
  @SuppressWarnings("serial") // never written
  private static final class Fixed extends SecureRandom {
    private final transient byte[] secret;

    Fixed(byte[] secret) {
      this.secret = secret.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(secret, 0, bytes, 0, bytes.length);
    }
  }
}
