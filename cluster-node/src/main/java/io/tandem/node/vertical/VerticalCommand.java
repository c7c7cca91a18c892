package io.tandem.node.vertical;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;

/** What can be asked of a vertical (QT-1). */
public sealed interface VerticalCommand extends Command {

  /** Define it. The timer is 30 to 300 s. */
  @Wire("vertical.do.define/1")
  record Define(String name, Money price, long timerMillis) implements VerticalCommand {}

  /** New terms for calls offered from now on. */
  @Wire("vertical.do.change-terms/1")
  record ChangeTerms(Money price, long timerMillis) implements VerticalCommand {}

  /** Time has come. */
  @Wire("vertical.do.wake/1")
  record Wake() implements VerticalCommand {}

  /** Tell its terms. */
  @Wire("vertical.do.read/1")
  record Read() implements VerticalCommand {}
}
