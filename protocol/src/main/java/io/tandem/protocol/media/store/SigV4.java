package io.tandem.protocol.media.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 (“Authenticating Requests: Using the Authorization Header”), which S3 and
 * all that speak like it want. Pure: a request and the time come in, the header goes out.
 *
 * @param region for example {@code eu-central-1}
 * @param service {@code s3}
 */
public record SigV4(AccessKey key, String region, String service) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final int DATE_CHARACTERS = 8;

  /**
   * What is signed.
   *
   * @param path absolute, encoded as it is sent
   * @param query encoded and sorted by name, empty for none
   * @param headers of the request by lower-case name, with {@code host} and {@code x-amz-date}
   * @param payloadHash SHA-256 of the body as hex digits
   */
  public record Request(
      String method,
      String path,
      String query,
      SortedMap<String, String> headers,
      String payloadHash) {

    public Request {
      headers = new TreeMap<>(headers);
    }

    private String signedHeaders() {
      return String.join(";", headers.keySet());
    }

    private String canonical() {
      String named =
          headers.entrySet().stream()
              .map(header -> header.getKey() + ":" + header.getValue().strip() + "\n")
              .collect(Collectors.joining());
      return String.join("\n", method, path, query, named, signedHeaders(), payloadHash);
    }
  }

  /** The instant as {@code x-amz-date} has it. */
  public static String stamp(Instant at) {
    return STAMP.format(at);
  }

  /** The {@code Authorization} header; the request's {@code x-amz-date} is the time. */
  public String authorization(Request request) {
    String stamp = String.valueOf(request.headers().get("x-amz-date"));
    String date = stamp.substring(0, DATE_CHARACTERS);
    String scope = String.join("/", date, region, service, "aws4_request");
    String toSign =
        String.join(
            "\n",
            ALGORITHM,
            stamp,
            scope,
            sha256(request.canonical().getBytes(StandardCharsets.UTF_8)));
    byte[] signing = ("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {date, region, service, "aws4_request", toSign}) {
      signing = hmac(signing, part);
    }
    return ALGORITHM
        + " Credential="
        + key.id()
        + "/"
        + scope
        + ",SignedHeaders="
        + request.signedHeaders()
        + ",Signature="
        + HexFormat.of().formatHex(signing);
  }

  /** SHA-256 as hex digits. */
  public static String sha256(byte[] octets) {
    return HexFormat.of().formatHex(digest().digest(octets));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JVM has SHA-256", missing);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("every JVM has HMAC-SHA-256", missing);
    }
  }
}
