/**
 * SIP messages as immutable values (RFC 3261 section 7 and 20): read, changed and written here.
 *
 * <p>Way in: {@link SipParser#parse(byte[])} for bytes from the wire, {@link SipRequest#builder}
 * and {@link SipResponse#to} for our own. The JAIN SIP grammar is behind {@code JainGrammar}; none
 * of its types leaves the package. Neighbours: {@code sip.transport} moves the bytes, {@code
 * sip.transaction}, {@code sip.dialog} and {@code sip.auth} read and build messages.
 */
@NullMarked
package io.tandem.protocol.sip.message;

import org.jspecify.annotations.NullMarked;
