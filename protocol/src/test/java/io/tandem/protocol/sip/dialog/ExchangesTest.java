package io.tandem.protocol.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.dialog.Exchanges.Refusal;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may cross what in a dialog, and how long who waits. */
class ExchangesTest {

  /** RFC 3261 14.2, RFC 3311 5.2: by what is under way, the answer to theirs. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // under way,        INVITE,   UPDATE + offer, UPDATE
        "nothing,            -,        -,              -",
        "our INVITE,         PENDING,  PENDING,        -",
        "our late INVITE,    PENDING,  TOO_SOON,       -",
        "their INVITE,       TOO_SOON, TOO_SOON,       -",
        "their late INVITE,  TOO_SOON, PENDING,        -",
        "our UPDATE,         PENDING,  PENDING,        -",
        "their UPDATE,       TOO_SOON, TOO_SOON,       -",
      })
  void one_negotiation_at_a_time(
      String underWay,
      @Nullable Refusal invite,
      @Nullable Refusal offering,
      @Nullable Refusal update) {
    Exchanges exchanges =
        switch (underWay) {
          case "our INVITE" -> Exchanges.NONE.weInvite(true);
          case "our late INVITE" -> Exchanges.NONE.weInvite(false);
          case "their INVITE" -> Exchanges.NONE.theyInvite(true);
          case "their late INVITE" -> Exchanges.NONE.theyInvite(false);
          case "our UPDATE" -> Exchanges.NONE.weOffer();
          case "their UPDATE" -> Exchanges.NONE.theyOffer();
          default -> Exchanges.NONE;
        };
    assertThat(exchanges.onInvite().orElse(null)).isEqualTo(invite);
    assertThat(exchanges.onUpdate(true).orElse(null)).isEqualTo(offering);
    assertThat(exchanges.onUpdate(false).orElse(null)).isEqualTo(update);
    assertThat(exchanges.mayInvite()).isEqualTo(underWay.equals("nothing"));
    assertThat(Refusal.PENDING.status()).isEqualTo(491);
    assertThat(Refusal.TOO_SOON.status()).isEqualTo(500);
  }

  /** RFC 3261 14.1. */
  @Test
  void who_made_the_call_id_waits_longer_than_the_other_side() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      assertThat(Glare.waitMillis(Dialog.Role.UAC, random)).isBetween(2_100L, 4_000L);
      assertThat(Glare.waitMillis(Dialog.Role.UAS, random)).isBetween(0L, 2_000L);
      assertThat(Glare.waitMillis(Dialog.Role.UAC, random) % 10).isZero();
    }
  }
}
