package io.tandem.protocol.media.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The examples of “Signature Calculations for the Authorization Header” in AWS's S3 API reference,
 * and {@code get-vanilla} of AWS's test suite for Signature Version 4.
 */
class SigV4Test {
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String HOST = "examplebucket.s3.amazonaws.com";
  private static final SigV4 S3 =
      new SigV4(
          new AccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
          "us-east-1",
          "s3");

  @Test
  void getting_an_object_is_signed_as_amazon_does_it() {
    assertThat(
            S3.authorization(request("GET", "/test.txt", "", EMPTY, Map.of("range", "bytes=0-9"))))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void putting_an_object_is_signed_as_amazon_does_it() {
    Map<String, String> more =
        Map.of(
            "date", "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class", "REDUCED_REDUNDANCY");
    assertThat(
            S3.authorization(
                request(
                    "PUT",
                    "/test%24file.text",
                    "",
                    "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                    more)))
        .endsWith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void queries_are_signed_as_amazon_does_it() {
    assertThat(S3.authorization(request("GET", "/", "lifecycle=", EMPTY, Map.of())))
        .endsWith("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    assertThat(S3.authorization(request("GET", "/", "max-keys=2&prefix=J", EMPTY, Map.of())))
        .endsWith("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  }

  @Test
  void the_test_suites_plainest_request_is_signed_as_it_says() {
    SigV4 signature =
        new SigV4(
            new AccessKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "us-east-1",
            "service");
    TreeMap<String, String> headers =
        new TreeMap<>(Map.of("host", "example.amazonaws.com", "x-amz-date", "20150830T123600Z"));
    assertThat(signature.authorization(new SigV4.Request("GET", "/", "", headers, EMPTY)))
        .endsWith("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  }

  @Test
  void an_instant_is_stamped_and_a_secret_is_not_shown() {
    assertThat(SigV4.stamp(Instant.parse("2026-01-02T03:04:05.678Z")))
        .isEqualTo("20260102T030405Z");
    assertThat(S3.toString()).doesNotContain("wJalr");
  }

  private static SigV4.Request request(
      String method, String path, String query, String hash, Map<String, String> more) {
    TreeMap<String, String> headers = new TreeMap<>(more);
    headers.put("host", HOST);
    headers.put("x-amz-content-sha256", hash);
    headers.put("x-amz-date", "20130524T000000Z");
    return new SigV4.Request(method, path, query, headers, hash);
  }
}
