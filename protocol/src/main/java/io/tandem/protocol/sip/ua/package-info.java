/**
 * A telephone in code: registers with digest, places and answers calls, holds, hangs up; thousands
 * of calls on one loop. The softphone of the demo, the load generator and the phones of the tests.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.ua.UserAgent}, which opens {@link
 * io.tandem.protocol.sip.ua.UaLine lines}; lines place and take {@link
 * io.tandem.protocol.sip.ua.UaCall calls}.
 *
 * <p>Stands on {@code sip.transaction}, {@code dialog}, {@code auth} and {@code sdp}; sound is
 * behind {@link io.tandem.protocol.sip.ua.CallMedia}. The node itself does not use it.
 */
@NullMarked
package io.tandem.protocol.sip.ua;

import org.jspecify.annotations.NullMarked;
