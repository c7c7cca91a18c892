/**
 * Records read and written without going through a general library: straight from the bytes that
 * this build itself writes, and nothing else, and to the bytes, to the last one, that Jackson
 * writes; and envelopes likewise.
 *
 * <p>Ways in: {@link io.tandem.persistence.journal.cbor.RecordReading} and {@link
 * io.tandem.persistence.journal.cbor.RecordWriting} are made once for a class of record; {@link
 * io.tandem.persistence.journal.cbor.CborCursor} is the place in the bytes, {@link
 * io.tandem.persistence.journal.cbor.CborPen} writes them. Whatever is not exactly as expected is
 * {@link io.tandem.persistence.journal.cbor.Unlike} it, and the caller lets Jackson judge: what can
 * be read, what is said of what cannot, and what bytes are written, never depends on this package.
 * Neighbour: {@code journal}, whose codec and envelope use it.
 */
@NullMarked
package io.tandem.persistence.journal.cbor;

import org.jspecify.annotations.NullMarked;
