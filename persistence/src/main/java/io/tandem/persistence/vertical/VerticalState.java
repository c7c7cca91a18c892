package io.tandem.persistence.vertical;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.vertical.VerticalEvent.Defined;
import io.tandem.persistence.vertical.VerticalEvent.TermsChanged;
import org.jspecify.annotations.Nullable;

/**
 * A vertical after its events so far (QT-1).
 *
 * @param name empty before it was defined
 * @param terms what calls offered now are sold for; null before it was defined
 */
@Wire("vertical.state/1")
public record VerticalState(String name, @Nullable Terms terms)
    implements DomainState<VerticalState, VerticalEvent> {

  /** A vertical without events. */
  public static final VerticalState NEW = new VerticalState("", null);

  /**
   * Price and timer of one version.
   *
   * @param version from 1, one more with every change
   */
  public record Terms(int version, Money price, long timerMillis) {}

  @Override
  public VerticalState apply(VerticalEvent event) {
    return switch (event) {
      case Defined e -> new VerticalState(e.name(), new Terms(1, e.price(), e.timerMillis()));
      case TermsChanged e ->
          new VerticalState(name, new Terms(e.version(), e.price(), e.timerMillis()));
    };
  }
}
