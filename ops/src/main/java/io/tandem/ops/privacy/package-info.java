/**
 * {@code tandem privacy}: erasing persons, and the legal holds that stand against it.
 *
 * <p>Way in: {@link io.tandem.ops.privacy.PrivacyCommand}. Neighbours: {@code
 * io.tandem.persistence.privacy} decides and does it, {@code boot} opens the node's databases.
 */
@NullMarked
package io.tandem.ops.privacy;

import org.jspecify.annotations.NullMarked;
