/**
 * What keeps strangers from costing more than they should (ACC-8, OPS-5): rates by address and
 * account, bans that end, bytes answered against bytes received, and a waiting line that refuses
 * new requests early. Pure: addresses, bytes and instants in, verdicts out.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.defence.Defence}, asked by {@code sip.transport} for
 * every datagram and message before it is parsed, and told by the edge what a request turned out to
 * be. All on the edge's loop. Neighbours: {@code sip.transport} and {@code sip.transaction} obey
 * the verdicts.
 */
@NullMarked
package io.tandem.protocol.sip.defence;

import org.jspecify.annotations.NullMarked;
