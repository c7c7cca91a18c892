/**
 * What a transfer is said with: Refer-To (RFC 3515), Replaces (RFC 3891) and the fragments that
 * tell how it goes (RFC 3420); pure.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.refer.ReferTo}. Neighbours: {@code sip.message} carries
 * the headers, the edge carries a transfer out.
 */
@NullMarked
package io.tandem.protocol.sip.refer;

import org.jspecify.annotations.NullMarked;
