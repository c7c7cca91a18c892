package io.tandem.node.vertical;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.vertical.VerticalCommand.ChangeTerms;
import io.tandem.node.vertical.VerticalCommand.Define;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.vertical.VerticalEvent;
import io.tandem.persistence.vertical.VerticalState;
import io.tandem.persistence.vertical.VerticalState.Terms;
import org.junit.jupiter.api.Test;

class VerticalRulesTest {

  private static final Money PRICE = Money.ofUnits(25, "USD");

  private final PlayedEntity<VerticalCommand, VerticalReply, VerticalEvent, VerticalState>
      vertical = new PlayedEntity<>(VerticalRules.type(), "vert_1");

  @Test
  void a_vertical_is_defined_once_with_version_one() {
    assertThat(vertical.ask(new VerticalCommand.Read())).isEqualTo(new VerticalReply.Unknown());
    vertical.ask(new Define("Medicare", PRICE, 90_000));

    assertThat(vertical.state().terms()).isEqualTo(new Terms(1, PRICE, 90_000));
    assertThat(vertical.ask(new Define("Medicare", PRICE, 90_000)))
        .isEqualTo(new VerticalReply.Done(vertical.state(), true));
    assertThat(vertical.ask(new Define("Medicare", PRICE, 91_000)))
        .isEqualTo(new VerticalReply.Conflict("timerMillis"));
  }

  @Test
  void every_change_of_terms_is_a_version_and_no_change_is_none() {
    vertical.ask(new Define("Medicare", PRICE, 90_000));
    vertical.ask(new ChangeTerms(PRICE, 120_000));

    assertThat(vertical.state().terms()).isEqualTo(new Terms(2, PRICE, 120_000));
    assertThat(vertical.ask(new ChangeTerms(PRICE, 120_000)))
        .isEqualTo(new VerticalReply.Done(vertical.state(), true));
    assertThat(vertical.replay("vert_1")).isEqualTo(vertical.state());
  }

  @Test
  void the_timer_is_thirty_seconds_to_five_minutes() {
    assertThat(vertical.ask(new Define("A", PRICE, 29_999)))
        .isEqualTo(new VerticalReply.Invalid("timerMillis", "29999", "30000 to 300000"));
    assertThat(vertical.ask(new Define("A", PRICE, 300_001)))
        .isInstanceOf(VerticalReply.Invalid.class);
    assertThat(vertical.ask(new Define("A", PRICE, 30_000))).isInstanceOf(VerticalReply.Done.class);
    assertThat(vertical.ask(new ChangeTerms(PRICE, 300_000)))
        .isInstanceOf(VerticalReply.Done.class);
  }

  @Test
  void a_price_is_more_than_nothing() {
    assertThat(vertical.ask(new Define("A", Money.zero("USD"), 90_000)))
        .isEqualTo(new VerticalReply.Invalid("price", "0.00 USD", "more than 0"));
    assertThat(vertical.ask(new ChangeTerms(PRICE, 90_000))).isEqualTo(new VerticalReply.Unknown());
  }
}
