package io.tandem.node.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.number.NumberCommand.Assign;
import io.tandem.node.number.NumberCommand.Unassign;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.number.NumberState;
import org.junit.jupiter.api.Test;

class NumberRulesTest {

  private final PlayedEntity<NumberCommand, NumberReply, NumberEvent, NumberState> number =
      played("12125550100");

  @Test
  void a_number_belongs_to_one_account_at_a_time() {
    number.ask(new Assign("acct_1", "camp_1"));

    assertThat(number.ask(new Assign("acct_2", "camp_9")))
        .isEqualTo(new NumberReply.Taken("number"));
    assertThat(number.ask(new Assign("acct_1", "camp_1")))
        .isEqualTo(new NumberReply.Done(number.state(), true));
    assertThat(number.ask(new Assign("acct_1", "camp_2")))
        .isEqualTo(new NumberReply.Done(number.state(), false));
    number.ask(new Unassign("returned"));
    assertThat(number.ask(new NumberCommand.Read())).isEqualTo(new NumberReply.Unknown());
    assertThat(number.ask(new Assign("acct_2", "camp_9")))
        .isEqualTo(new NumberReply.Done(number.state(), false));
    assertThat(number.replay("12125550100")).isEqualTo(number.state());
  }

  @Test
  void what_is_no_e164_number_is_refused_and_not_repeated_in_the_answer() {
    for (String id :
        new String[] {"+12125550100", "0123456789", "911", "1234567890123456", "abc"}) {
      assertThat(played(id).ask(new Assign("acct_1", "camp_1")))
          .isEqualTo(
              new NumberReply.Invalid(
                  "number",
                  "no E.164 number",
                  "7 to 15 digits with the country code, without plus"));
    }
  }

  private static PlayedEntity<NumberCommand, NumberReply, NumberEvent, NumberState> played(
      String id) {
    return new PlayedEntity<>(NumberRules.type(), id);
  }
}
