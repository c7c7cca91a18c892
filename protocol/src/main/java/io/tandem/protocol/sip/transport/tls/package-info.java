/**
 * TLS for SIP: which certificate is shown to whom, whom we trust, and who a peer has proved to be
 * (RFC 5922).
 *
 * <p>Way in: {@link io.tandem.protocol.sip.transport.tls.TlsContexts} from {@link
 * io.tandem.protocol.sip.transport.tls.TlsSettings}. Neighbours: the connections of {@code
 * sip.transport}. Knows files and certificates, no SIP message.
 */
@NullMarked
package io.tandem.protocol.sip.transport.tls;

import org.jspecify.annotations.NullMarked;
