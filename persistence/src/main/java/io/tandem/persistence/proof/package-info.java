/**
 * What lets a stranger trust the journal: a Merkle tree over its stored bytes, signed every few
 * seconds, chained, and told to places outside the database (AUD-2).
 *
 * <p>Way in: {@link io.tandem.persistence.proof.CheckpointMaker} makes them, {@link
 * io.tandem.persistence.proof.Anchor} carries them out, {@link
 * io.tandem.persistence.proof.CheckpointExamination} compares all three, {@link
 * io.tandem.persistence.proof.ProofMaker} cuts slices for strangers. Neighbours: {@code journal}
 * for the bytes, {@code readmodel} for their order.
 */
@NullMarked
package io.tandem.persistence.proof;

import org.jspecify.annotations.NullMarked;
