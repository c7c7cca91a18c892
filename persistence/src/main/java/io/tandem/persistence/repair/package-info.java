/**
 * Reading on past an event that cannot be read (AUD-5): signed records beside the journal that say
 * what is read in its place. Nothing stored is changed.
 *
 * <p>Way in: {@link io.tandem.persistence.repair.Repair} makes a record, {@link
 * io.tandem.persistence.repair.SignedSupersessions} is what readers consult. Neighbours: {@code
 * journal} for the codec that asks, {@code proof} for signatures; checkpoints vouch for the newest
 * record.
 */
@NullMarked
package io.tandem.persistence.repair;

import org.jspecify.annotations.NullMarked;
