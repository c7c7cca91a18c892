/**
 * Telephones of ours for the demo and the benchmarks: they register, call, answer and speak over
 * real sockets, and note what passes.
 *
 * <p>Way in: {@link io.tandem.ops.phone.Phones} for signalling, {@link io.tandem.ops.phone.Voice}
 * for sound, {@link io.tandem.ops.phone.Tap} for what is seen on the wire. Neighbours: {@code
 * io.tandem.protocol.sip.ua} does the calling.
 */
@NullMarked
package io.tandem.ops.phone;

import org.jspecify.annotations.NullMarked;
