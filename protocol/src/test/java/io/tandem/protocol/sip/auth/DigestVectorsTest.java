package io.tandem.protocol.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples printed in the RFCs, in both roles. */
class DigestVectorsTest {

  private static final String RFC_7616_NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  private static final String RFC_7616_CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

  @Test
  void the_example_of_rfc_2617_3_5_is_answered_as_printed() {
    DigestSession session = new DigestSession("Mufasa", "Circle Of Life", () -> "0a4f113b");
    session.challenged(
        List.of(
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\","
                + " nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\","
                + " opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""),
        false);

    DigestAnswer answer = answerOf(session, "GET", "/dir/index.html");

    assertThat(answer.response()).isEqualTo("6629fae49393a05397450978507c4ef1");
    assertThat(answer.opaque()).isEqualTo("5ccc069c403ebaf9f0171e9517f40e41");
  }

  @Test
  void the_examples_of_rfc_7616_3_9_1_are_answered_as_printed() {
    assertThat(rfc7616Answer("SHA-256"))
        .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    assertThat(rfc7616Answer("MD5")).isEqualTo("8ca523f5e9506fed4657c9700eebdbec");
  }

  private static String rfc7616Answer(String algorithm) {
    DigestSession session = new DigestSession("Mufasa", "Circle of Life", () -> RFC_7616_CNONCE);
    session.challenged(
        List.of(
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                + algorithm
                + ", nonce=\""
                + RFC_7616_NONCE
                + "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""),
        false);
    return answerOf(session, "GET", "/dir/index.html").response();
  }

  @Test
  void a_printed_answer_verifies_against_its_stored_hash_and_no_other() {
    String printed =
        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\","
            + " algorithm=SHA-256, nonce=\""
            + RFC_7616_NONCE
            + "\", nc=00000001, cnonce=\""
            + RFC_7616_CNONCE
            + "\", qop=auth,"
            + " response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"";
    DigestAnswer answer = DigestAnswer.parse(printed).orElseThrow();
    String right = StoredHa1.of("Mufasa", "http-auth@example.org", "Circle of Life").sha256();
    String wrong = StoredHa1.of("Mufasa", "http-auth@example.org", "Circle Of Life").sha256();

    assertThat(answer.madeWith(right, "GET")).isTrue();
    assertThat(answer.madeWith(right, "PUT")).isFalse();
    assertThat(answer.madeWith(wrong, "GET")).isFalse();
  }

  @Test
  void a_challenge_without_qop_gets_the_old_form_of_rfc_2069() {
    DigestSession session = new DigestSession("bob", "zanzibar", () -> "unused");
    session.challenged(
        List.of("Digest realm=\"biloxi.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""),
        false);

    DigestAnswer answer = answerOf(session, "INVITE", "sip:bob@biloxi.com");

    // MD5("bob:biloxi.com:zanzibar") and so on, worked out by hand with md5sum
    assertThat(answer.response()).isEqualTo("bf57e4e0d0bffc0fbaedce64d59add5e");
    assertThat(answer.cnonce()).isNull();
  }

  private static DigestAnswer answerOf(DigestSession session, String method, String uri) {
    return DigestAnswer.parse(session.answer(method, uri).orElseThrow()).orElseThrow();
  }
}
