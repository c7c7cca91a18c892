package io.tandem.node.boot;

import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.journal.keys.MasterKey;
import io.tandem.persistence.proof.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The node's secrets: from the configuration, or made once and kept in the node's directory,
 * readable by its owner alone. All nodes of a cluster need the same, so a cluster configures them.
 *
 * @param master what data keys are wrapped with
 * @param blinder what numbers are blinded with, derived from the same secret
 * @param operatorToken bearer token of the operator
 * @param signing what checkpoints are signed with: its own, or derived from the same secret
 */
public record NodeSecrets(
    MasterKey master, Blinder blinder, String operatorToken, SigningKey signing) {
  private static final int SECRET_BYTES = 32;

  /** Takes or makes them. */
  public static NodeSecrets of(Settings settings) {
    String master =
        settings.keys().master().isEmpty()
            ? kept(settings.directory().resolve("master.key"))
            : settings.keys().master();
    String token =
        settings.http().operatorToken().isEmpty()
            ? kept(settings.directory().resolve("operator.token"))
            : settings.http().operatorToken();
    return of(settings, master, token);
  }

  /**
   * Takes them for one who only reads: nothing is made, and there is no operator's token.
   *
   * @throws CannotStart where the master key is not configured and its file cannot be read
   */
  public static NodeSecrets toRead(Settings settings) {
    Path file = settings.directory().resolve("master.key");
    try {
      String master =
          settings.keys().master().isEmpty()
              ? Files.readString(file, StandardCharsets.US_ASCII).strip()
              : settings.keys().master();
      return of(settings, master, "");
    } catch (IOException e) {
      throw new CannotStart(
          "tandem.keys.master: it is not configured, and " + file + " cannot be read", e);
    }
  }

  private static NodeSecrets of(Settings settings, String master, String token) {
    byte[] secret = HexFormat.of().parseHex(master);
    String signing = settings.proofs().key();
    return new NodeSecrets(
        new MasterKey(secret),
        new Blinder(derived(secret, "blinder")),
        token,
        new SigningKey(
            settings.proofs().log(),
            signing.isEmpty() ? derived(secret, "checkpoints") : HexFormat.of().parseHex(signing)));
  }

  /** The file's text; made with fresh random bytes where there is none. */
  private static String kept(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      byte[] random = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(random);
      try {
        write(file, HexFormat.of().formatHex(random));
      } catch (FileAlreadyExistsException there) {
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
      }
      return HexFormat.of().formatHex(random);
    } catch (IOException e) {
      throw new UncheckedIOException("the node's directory cannot be used: " + file, e);
    }
  }

  /**
   * Makes a file that its owner alone may read, where the system tells owners apart.
   *
   * @throws FileAlreadyExistsException where there is one: no secret is written over
   */
  public static void write(Path file, String secret) throws IOException {
    Path made =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : Files.createFile(file);
    Files.writeString(made, secret, StandardOpenOption.WRITE);
  }

  private static byte[] derived(byte[] secret, String purpose) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(("tandem " + purpose).getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Shows nothing. */
  @Override
  public String toString() {
    return "NodeSecrets[" + Set.of("master", "blinder", "operatorToken", "signing") + "]";
  }
}
