/**
 * Finished entities leave the journal for files (AUD-7): each a database of its own with a signed
 * note of what is in it, read as one with the journal.
 *
 * <p>Way in: {@link io.tandem.persistence.archive.Archiver} moves, {@link
 * io.tandem.persistence.archive.Archives} attaches and checks, {@link
 * io.tandem.persistence.archive.ArchiveShelf} finds one entity for a node. Neighbours: {@code
 * audit}, {@code proof} and {@code readmodel} read what is attached ({@link
 * io.tandem.persistence.archive.ArchivedRows}).
 */
@NullMarked
package io.tandem.persistence.archive;

import org.jspecify.annotations.NullMarked;
