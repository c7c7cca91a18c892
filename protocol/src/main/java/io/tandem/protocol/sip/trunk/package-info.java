/**
 * What dealing with a carrier takes, purely: how numbers are written towards it, which of its
 * addresses answer, and where a call goes next when one refuses.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.trunk.NumberPlan}, {@link
 * io.tandem.protocol.sip.trunk.TargetHealth}, {@link io.tandem.protocol.sip.trunk.OutboundPlan} and
 * {@link io.tandem.protocol.sip.trunk.Redirects}. Neighbours: the edge sends what these say.
 */
@NullMarked
package io.tandem.protocol.sip.trunk;

import org.jspecify.annotations.NullMarked;
