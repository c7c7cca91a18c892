/**
 * Digest authentication for SIP (RFC 7616, RFC 8760, RFC 3261 section 22): MD5 and SHA-256,
 * qop=auth, for both roles.
 *
 * <p>Way in for a server: {@link io.tandem.protocol.sip.auth.DigestGate}; for a client: {@link
 * io.tandem.protocol.sip.auth.DigestSession}.
 *
 * <p>Works on header values as text and on stored HA1 hashes; knows no message, no store and no
 * clock. The edge and the user agent bring those.
 */
@NullMarked
package io.tandem.protocol.sip.auth;

import org.jspecify.annotations.NullMarked;
