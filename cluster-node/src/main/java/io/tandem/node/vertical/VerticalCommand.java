package io.tandem.node.vertical;

import io.tandem.node.entity.Command;
import io.tandem.persistence.money.Money;

/** What can be asked of a vertical (QT-1). */
public sealed interface VerticalCommand extends Command {

  /** Define it. The timer is 30 to 300 s. */
  record Define(String name, Money price, long timerMillis) implements VerticalCommand {}

  /** New terms for calls offered from now on. */
  record ChangeTerms(Money price, long timerMillis) implements VerticalCommand {}

  /** Time has come. */
  record Wake() implements VerticalCommand {}

  /** Tell its terms. */
  record Read() implements VerticalCommand {}
}
