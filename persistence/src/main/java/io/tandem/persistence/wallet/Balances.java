package io.tandem.persistence.wallet;

import org.jspecify.annotations.Nullable;

/**
 * The two balances of a wallet, in micros of its currency (WAL-12): what can still be held, and
 * what is held. Their sum is what the customer owns.
 */
public record Balances(long availableMicros, long heldMicros) {

  /** Nothing yet. */
  public static final Balances ZERO = new Balances(0, 0);

  /**
   * The balances after a movement; null where either of them or what the customer owns would
   * overflow.
   */
  public @Nullable Balances moved(long toAvailableMicros, long toHeldMicros) {
    try {
      Balances after =
          new Balances(
              Math.addExact(availableMicros, toAvailableMicros),
              Math.addExact(heldMicros, toHeldMicros));
      long owned = Math.addExact(after.availableMicros, after.heldMicros);
      return owned == Long.MIN_VALUE ? null : after;
    } catch (ArithmeticException overflow) {
      return null;
    }
  }
}
