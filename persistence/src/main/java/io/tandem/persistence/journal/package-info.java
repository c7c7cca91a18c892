/**
 * How what happened is written down: envelopes with a hash chain, one codec, one closed list of
 * names.
 *
 * <p>Way in: {@link io.tandem.persistence.journal.TypeNames} lists the records, {@link
 * io.tandem.persistence.journal.EventCodec} turns them into bytes, {@link
 * io.tandem.persistence.journal.Envelope} is what is stored. Personal data is sealed under keys of
 * {@link io.tandem.persistence.journal.KeyStore}. Neighbours: the nouns' packages hold the events,
 * {@code readmodel} reads them in order, {@code audit} checks them. No Akka here.
 */
@NullMarked
package io.tandem.persistence.journal;

import org.jspecify.annotations.NullMarked;
