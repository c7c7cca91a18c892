/**
 * This edge's dealings with carriers (TEL-3): which trunk a call comes from, whether its limits
 * take it, whether its addresses answer, where it is registered, and the tries of a call out.
 *
 * <p>Way in: {@link io.tandem.node.edge.trunk.Carriers}. Everything on the edge's loop. Neighbours:
 * the trunk's entity admits calls; {@code protocol.sip.trunk} decides purely; the edge carries the
 * legs.
 */
@NullMarked
package io.tandem.node.edge.trunk;

import org.jspecify.annotations.NullMarked;
