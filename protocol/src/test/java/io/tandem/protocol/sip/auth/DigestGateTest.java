package io.tandem.protocol.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestGateTest {

  private static final byte[] SECRET =
      "0123456789abcdef-cluster".getBytes(StandardCharsets.US_ASCII);
  private static final String REALM = "tandem.example";
  private static final String URI = "sip:tandem.example";
  private static final long LIFETIME = 60_000;
  private static final long NOW = 1_800_000_000_000L;
  private static final StoredHa1 ALICE = StoredHa1.of("alice", REALM, "wonderland");

  private final DigestGate gate = gate(SECRET, 1_000);

  @Test
  void a_right_answer_is_accepted_with_either_algorithm() {
    for (DigestOffer offer : DigestOffer.values()) {
      DigestAnswer answer = answer(alice(offer), "REGISTER");
      assertThat(answer.algorithm()).isEqualTo(offer.algorithms().getFirst());
      assertThat(gate.check(answer, "REGISTER", ALICE, offer, NOW))
          .isEqualTo(DigestVerdict.ACCEPTED);
    }
  }

  @Test
  void a_wrong_password_an_unknown_user_and_another_method_look_the_same() {
    DigestSession mallory = session("alice", "guess", DigestOffer.BOTH, gate);
    assertThat(check(answer(mallory, "REGISTER"), ALICE))
        .isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
    assertThat(check(answer(alice(DigestOffer.BOTH), "REGISTER"), null))
        .isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
    assertThat(check(answer(alice(DigestOffer.BOTH), "INVITE"), ALICE))
        .isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
  }

  @Test
  void a_nonce_is_reused_with_a_growing_count_and_never_with_the_same() {
    DigestSession alice = alice(DigestOffer.BOTH);
    DigestAnswer first = answer(alice, "REGISTER");
    DigestAnswer second = answer(alice, "REGISTER");

    assertThat(check(first, ALICE)).isEqualTo(DigestVerdict.ACCEPTED);
    assertThat(check(first, ALICE)).isEqualTo(DigestVerdict.REPLAYED);
    assertThat(check(second, ALICE)).isEqualTo(DigestVerdict.ACCEPTED);
    assertThat(check(second, ALICE)).isEqualTo(DigestVerdict.REPLAYED);
  }

  @Test
  void requests_that_overtake_each_other_are_each_accepted_once() {
    DigestSession alice = alice(DigestOffer.BOTH);
    List<DigestAnswer> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(answer(alice, "REGISTER"));
    }
    for (DigestAnswer answer : answers.reversed()) {
      assertThat(check(answer, ALICE)).isEqualTo(DigestVerdict.ACCEPTED);
    }
    for (DigestAnswer answer : answers) {
      assertThat(check(answer, ALICE)).isEqualTo(DigestVerdict.REPLAYED);
    }
  }

  @Test
  void an_old_nonce_with_the_right_password_is_stale_not_wrong() {
    DigestAnswer answer = answer(alice(DigestOffer.BOTH), "REGISTER");

    assertThat(gate.check(answer, "REGISTER", ALICE, DigestOffer.BOTH, NOW + LIFETIME + 1))
        .isEqualTo(DigestVerdict.STALE);
    assertThat(gate.check(answer, "REGISTER", null, DigestOffer.BOTH, NOW + LIFETIME + 1))
        .isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
    assertThat(gate.challenges(DigestOffer.MD5, true, NOW).getFirst()).contains("stale=true");
  }

  @Test
  void a_nonce_of_another_node_with_the_same_secret_is_stale_and_of_a_stranger_forged() {
    DigestGate other = gate(SECRET, "there", 10);
    DigestAnswer heardThere =
        answer(session("alice", "wonderland", DigestOffer.BOTH, other), "REGISTER");
    byte[] stranger = "another secret, long enough".getBytes(StandardCharsets.US_ASCII);
    DigestSession forged = session("alice", "wonderland", DigestOffer.BOTH, gate(stranger, 10));

    assertThat(other.check(heardThere, "REGISTER", ALICE, DigestOffer.BOTH, NOW))
        .isEqualTo(DigestVerdict.ACCEPTED);
    assertThat(check(heardThere, ALICE))
        .as("what was used there, played again here")
        .isEqualTo(DigestVerdict.STALE);
    assertThat(check(heardThere, null))
        .as("that a nonce is stale is told only to who knows a password")
        .isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
    assertThat(check(answer(forged, "REGISTER"), ALICE)).isEqualTo(DigestVerdict.FORGED_NONCE);
  }

  @Test
  void a_phone_that_comes_from_another_node_is_let_in_one_round_trip_later() {
    DigestSession roaming =
        session("alice", "wonderland", DigestOffer.BOTH, gate(SECRET, "there", 10));

    assertThat(check(answer(roaming, "REGISTER"), ALICE)).isEqualTo(DigestVerdict.STALE);
    assertThat(roaming.challenged(gate.challenges(DigestOffer.BOTH, true, NOW), true)).isTrue();
    assertThat(check(answer(roaming, "REGISTER"), ALICE)).isEqualTo(DigestVerdict.ACCEPTED);
  }

  @Test
  void every_changed_character_of_a_nonce_makes_it_forged() {
    NonceMint mint = new NonceMint(SECRET, REALM, "here", LIFETIME, new SecureRandom());
    String nonce = mint.mint(NOW);
    for (int i = 0; i < nonce.length() - 1; i++) {
      char other = nonce.charAt(i) == 'A' ? 'B' : 'A';
      String changed = nonce.substring(0, i) + other + nonce.substring(i + 1);
      assertThat(mint.worth(changed, NOW)).as("character %d", i).isEqualTo(NonceMint.Worth.FORGED);
    }
    assertThat(mint.worth("", NOW)).isEqualTo(NonceMint.Worth.FORGED);
    assertThat(mint.worth("ä$%", NOW)).isEqualTo(NonceMint.Worth.FORGED);
  }

  @Test
  void a_full_replay_guard_forgets_the_oldest_and_lets_no_replay_through() {
    DigestGate small = gate(SECRET, 3);
    List<DigestAnswer> used = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      long at = NOW + i;
      DigestSession alice = new DigestSession("alice", "wonderland", () -> "c");
      alice.challenged(small.challenges(DigestOffer.BOTH, false, at), false);
      DigestAnswer answer = answer(alice, "REGISTER");
      assertThat(small.check(answer, "REGISTER", ALICE, DigestOffer.BOTH, at))
          .isEqualTo(DigestVerdict.ACCEPTED);
      used.add(answer);
    }
    for (DigestAnswer answer : used) {
      assertThat(small.check(answer, "REGISTER", ALICE, DigestOffer.BOTH, NOW + 20))
          .isEqualTo(DigestVerdict.REPLAYED);
    }
  }

  @Test
  void an_algorithm_that_was_not_offered_is_refused() {
    DigestAnswer md5 = answer(alice(DigestOffer.MD5), "REGISTER");
    assertThat(gate.check(md5, "REGISTER", ALICE, DigestOffer.SHA_256, NOW))
        .isEqualTo(DigestVerdict.ALGORITHM_NOT_OFFERED);
  }

  @Test
  void an_answer_for_another_realm_is_refused() {
    DigestAnswer answer = answer(alice(DigestOffer.BOTH), "REGISTER");
    DigestGate elsewhere =
        new DigestGate(
            "elsewhere",
            new NonceMint(SECRET, "elsewhere", "here", LIFETIME, new SecureRandom()),
            10);
    assertThat(elsewhere.check(answer, "REGISTER", ALICE, DigestOffer.BOTH, NOW))
        .isEqualTo(DigestVerdict.WRONG_REALM);
  }

  @Test
  void a_user_without_a_hash_for_the_algorithm_is_refused() {
    StoredHa1 md5Only = new StoredHa1(ALICE.md5(), null);
    DigestAnswer sha256 = answer(alice(DigestOffer.SHA_256), "REGISTER");
    assertThat(check(sha256, md5Only)).isEqualTo(DigestVerdict.WRONG_CREDENTIALS);
  }

  @Test
  void a_client_tries_once_more_after_stale_and_not_after_a_refusal() {
    DigestSession alice = alice(DigestOffer.BOTH);
    assertThat(alice.challenged(gate.challenges(DigestOffer.BOTH, true, NOW), true)).isTrue();
    assertThat(alice.challenged(gate.challenges(DigestOffer.BOTH, false, NOW), true)).isFalse();
    assertThat(alice.challenged(List.of("Basic realm=\"x\""), false)).isFalse();
  }

  @Test
  void broken_answers_are_not_answers() {
    String good = alice(DigestOffer.BOTH).answer("REGISTER", URI).orElseThrow();
    assertThat(DigestAnswer.parse(good)).isPresent();
    for (String broken :
        List.of(
            "",
            "Digest",
            "Digest ",
            "Basic YWxhZGRpbg==",
            "Digest username=\"a",
            good.replace("nc=00000001", "nc=1"),
            good.replace("nc=00000001", "nc=00000000"),
            good.replace("nc=00000001", "nc=+0000001"),
            good.replace("qop=auth", "qop=auth-int"),
            good.replace("algorithm=SHA-256", "algorithm=SHA-256-sess"),
            good + ", realm=\"twice\"",
            good + " junk",
            good + ", x=\"" + "y".repeat(5_000) + '"')) {
      assertThat(DigestAnswer.parse(broken)).as(broken).isEmpty();
    }
    for (int cut = 0; cut < good.length(); cut++) {
      DigestAnswer.parse(good.substring(0, cut))
          .ifPresent(a -> assertThat(a.username()).isEqualTo("alice"));
    }
  }

  @Test
  void quotes_and_backslashes_survive_the_header() {
    StoredHa1 odd = StoredHa1.of("al\"i\\ce", REALM, "p");
    DigestSession session = session("al\"i\\ce", "p", DigestOffer.BOTH, gate);
    DigestAnswer answer = answer(session, "REGISTER");
    assertThat(answer.username()).isEqualTo("al\"i\\ce");
    assertThat(check(answer, odd)).isEqualTo(DigestVerdict.ACCEPTED);
  }

  @Test
  void secrets_do_not_show_in_text() {
    DigestSession session = alice(DigestOffer.BOTH);
    assertThat(ALICE + " " + session + " " + answer(session, "REGISTER"))
        .doesNotContain("wonderland", "alice")
        .doesNotContain(String.valueOf(ALICE.md5()));
  }

  @Test
  void a_short_secret_is_refused_at_the_start() {
    assertThatThrownBy(
            () -> new NonceMint(new byte[15], REALM, "here", LIFETIME, new SecureRandom()))
        .hasMessageContaining("16 bytes");
  }

  private DigestVerdict check(DigestAnswer answer, StoredHa1 stored) {
    return gate.check(answer, "REGISTER", stored, DigestOffer.BOTH, NOW);
  }

  private DigestSession alice(DigestOffer offer) {
    return session("alice", "wonderland", offer, gate);
  }

  private static DigestSession session(
      String user, String password, DigestOffer offer, DigestGate gate) {
    DigestSession session = new DigestSession(user, password, () -> "c-nonce");
    session.challenged(gate.challenges(offer, false, NOW), false);
    return session;
  }

  private static DigestAnswer answer(DigestSession session, String method) {
    return DigestAnswer.parse(session.answer(method, URI).orElseThrow()).orElseThrow();
  }

  private static DigestGate gate(byte[] secret, int rememberedNonces) {
    return gate(secret, "here", rememberedNonces);
  }

  private static DigestGate gate(byte[] secret, String node, int rememberedNonces) {
    return new DigestGate(
        REALM, new NonceMint(secret, REALM, node, LIFETIME, new SecureRandom()), rememberedNonces);
  }
}
