package io.tandem.persistence.wallet;

/**
 * The two balances of a wallet, in micros of its currency (WAL-12): what can still be held, and
 * what is held. Their sum is what the customer owns.
 */
public record Balances(long availableMicros, long heldMicros) {

  /** Nothing yet. */
  public static final Balances ZERO = new Balances(0, 0);
}
