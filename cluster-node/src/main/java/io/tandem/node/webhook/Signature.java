package io.tandem.node.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a delivery is signed: HMAC-SHA256 over its id, its time stamp and its body, in the form of <a
 * href="https://www.standardwebhooks.com">Standard Webhooks</a>, for which receivers find
 * libraries.
 */
public final class Signature {

  /** What a secret starts with; the rest is base64. */
  public static final String SECRET_PREFIX = "whsec_";

  private Signature() {}

  /**
   * The value of {@code webhook-signature}.
   *
   * @param secret {@code whsec_…}
   * @param timestamp seconds since 1970
   */
  public static String of(String secret, String id, long timestamp, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] key = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update((id + '.' + timestamp + '.').getBytes(StandardCharsets.UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
