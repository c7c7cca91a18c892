/**
 * Erasing a person, and what stands against it: precedence, holds, the log that is replayed after a
 * restore (PRV-2, PRV-9).
 *
 * <p>Way in: {@link io.tandem.persistence.privacy.Erasures}; {@link
 * io.tandem.persistence.privacy.Precedence} decides. Neighbours: {@code journal.keys} holds the
 * keys that are destroyed, {@code readmodel} finds whose they are; the privacy commands and the
 * node's start are the users.
 */
@NullMarked
package io.tandem.persistence.privacy;

import org.jspecify.annotations.NullMarked;
