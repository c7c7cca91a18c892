/**
 * Which servers a SIP URI with a name leads to (RFC 3263): NAPTR, SRV and addresses, asked of the
 * domain name system through Netty, remembered for as long as they are good.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.resolve.ServerLocator}, over a {@link
 * io.tandem.protocol.sip.resolve.Dns}: {@link io.tandem.protocol.sip.resolve.NettyDns} on a wire,
 * {@link io.tandem.protocol.sip.resolve.DnsMemory} before it. Then {@link
 * io.tandem.protocol.sip.resolve.ServerOrder} says which is tried first. All on one loop; all but
 * {@code NettyDns} pure. Neighbours: the edge's trunks ask; strangers' names are never looked up.
 */
@NullMarked
package io.tandem.protocol.sip.resolve;

import org.jspecify.annotations.NullMarked;
