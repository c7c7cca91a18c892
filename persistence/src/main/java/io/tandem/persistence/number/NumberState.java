package io.tandem.persistence.number;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.number.NumberEvent.Assigned;
import io.tandem.persistence.number.NumberEvent.Unassigned;
import org.jspecify.annotations.Nullable;

/**
 * One of our own phone numbers after its events so far.
 *
 * @param number its E.164 digits without a plus: the entity's id
 * @param assignment where its calls go; null for nowhere
 */
@Wire("number.state/1")
public record NumberState(String number, @Nullable Assignment assignment)
    implements DomainState<NumberState, NumberEvent> {

  /** Where calls go. */
  public record Assignment(String accountId, String campaignId) {}

  /** A number without events. */
  public static NumberState initial(String number) {
    return new NumberState(number, null);
  }

  @Override
  public NumberState apply(NumberEvent event) {
    return switch (event) {
      case Assigned e -> new NumberState(number, new Assignment(e.accountId(), e.campaignId()));
      case Unassigned e -> new NumberState(number, null);
    };
  }
}
