package io.tandem.node.routing;

import io.tandem.persistence.wallet.Balances;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wallet of an account in one currency, as it was last heard of. Written by who hears of it,
 * read by who puts together what routing knows. Thread-safe.
 */
public final class Purse {

  /** Beside the pointer, as it is asked for with every call. */
  private volatile long availableMicros;

  private volatile @Nullable Balances balances;

  /** What can still be held, in micros of its currency; 0 until anything was heard. */
  public long availableMicros() {
    return availableMicros;
  }

  /** Empty until anything was heard. */
  public Optional<Balances> balances() {
    return Optional.ofNullable(balances);
  }

  /** What is in it now. */
  public void hold(Balances now) {
    availableMicros = now.availableMicros();
    balances = now;
  }
}
