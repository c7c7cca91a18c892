package io.tandem.persistence.vertical;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;

/**
 * What happened to a vertical, a kind of call that is sold: its floor price and qualifying timer,
 * by version (QT-1).
 */
public sealed interface VerticalEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The vertical exists, with version 1 of its terms. */
  @Wire("vertical.defined/1")
  record Defined(String name, Money price, long timerMillis, Instant at) implements VerticalEvent {}

  /** Calls offered from now on have these terms; calls offered before keep theirs. */
  @Wire("vertical.terms-changed/1")
  record TermsChanged(int version, Money price, long timerMillis, Instant at)
      implements VerticalEvent {}
}
