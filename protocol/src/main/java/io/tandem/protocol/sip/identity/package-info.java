/**
 * Who vouches for a caller's number: STIR/SHAKEN (RFC 8224, RFC 8225, RFC 8588), ES256.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.identity.IdentitySigner} for calls out, {@link
 * io.tandem.protocol.sip.identity.IdentityVerifier} for calls in. Pure: certificates are given, the
 * edge fetches and keeps them with {@link io.tandem.protocol.sip.identity.CertificateCache}.
 */
@NullMarked
package io.tandem.protocol.sip.identity;

import org.jspecify.annotations.NullMarked;
