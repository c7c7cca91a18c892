package io.tandem.persistence.money;

/**
 * An event that moves money of its own entity and states what the entity has after it (WAL-12): so
 * that an auditor can hold the statement against the postings of all its events.
 */
public interface Stated extends Posted {

  /** What the entity's {@link LedgerAccount#CUSTOMER_FUNDS} come to after the event, in micros. */
  long customerFundsMicros();

  /** What the entity's {@link LedgerAccount#HOLDS} come to after the event, in micros. */
  long holdsMicros();
}
