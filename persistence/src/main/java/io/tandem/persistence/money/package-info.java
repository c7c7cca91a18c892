/**
 * Money and the ledger's vocabulary: integer micros with a currency, named ledger accounts,
 * balanced postings.
 *
 * <p>Way in: {@link io.tandem.persistence.money.Money}, {@link
 * io.tandem.persistence.money.Posting}. No floating point here or in anything that uses it (WAL-1,
 * WAL-5); a test of the house checks that. Neighbours: the events of {@code wallet} and {@code
 * call} carry money, {@code audit} adds the postings up.
 */
@NullMarked
package io.tandem.persistence.money;

import org.jspecify.annotations.NullMarked;
