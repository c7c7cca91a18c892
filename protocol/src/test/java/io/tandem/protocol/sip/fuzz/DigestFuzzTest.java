package io.tandem.protocol.sip.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tandem.protocol.sip.auth.DigestAnswer;
import io.tandem.protocol.sip.auth.DigestChallenge;
import io.tandem.protocol.sip.auth.DigestGate;
import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.auth.DigestVerdict;
import io.tandem.protocol.sip.auth.NonceMint;
import io.tandem.protocol.sip.auth.StoredHa1;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Any text as a challenge and as credentials. */
class DigestFuzzTest {
  private static final long NOW_MILLIS = 1_000_000;
  private static final StoredHa1 STORED = StoredHa1.of("anna", "tandem", "a password of hers");
  private static final DigestGate GATE =
      new DigestGate(
          "tandem",
          new NonceMint(
              "thirty-two bytes of server secret".getBytes(StandardCharsets.US_ASCII),
              "tandem",
              "here",
              300_000,
              new SecureRandom()),
          100);

  @FuzzTest
  void made_up_credentials_let_nobody_in_and_what_is_read_is_stable(byte[] header) {
    String text = new String(header, StandardCharsets.UTF_8);
    SlowInput.guard(() -> read(text));
  }

  private static void read(String text) {
    DigestAnswer.parse(text)
        .ifPresent(
            answer -> {
              assertThat(GATE.check(answer, "REGISTER", STORED, DigestOffer.BOTH, NOW_MILLIS))
                  .isNotEqualTo(DigestVerdict.ACCEPTED);
              assertThat(DigestAnswer.parse(answer.headerValue())).contains(answer);
            });
    DigestChallenge.parse(text)
        .ifPresent(
            challenge ->
                assertThat(DigestChallenge.parse(challenge.headerValue())).contains(challenge));
  }
}
