/**
 * Where the keys to personal data live: apart from the data, so that destroying a key erases it.
 *
 * <p>Way in: {@link io.tandem.persistence.journal.keys.KeyStore} and its two stores, {@link
 * io.tandem.persistence.journal.keys.AesGcmSealer} for the codec, {@link
 * io.tandem.persistence.journal.keys.Blinder} for look-ups by number. Neighbour: {@code journal},
 * whose {@code PersonalSealer} is implemented here.
 */
@NullMarked
package io.tandem.persistence.journal.keys;

import org.jspecify.annotations.NullMarked;
