/**
 * Session descriptions (RFC 8866) as offers and answers (RFC 3264): a value that keeps every line
 * it does not know.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.sdp.SdpParser} for what came, {@link
 * io.tandem.protocol.sip.sdp.AudioSession} for what a phone of ours says, {@link
 * io.tandem.protocol.sip.sdp.SdpAnchor} for what passes through a media anchor.
 *
 * <p>Knows text only; ports and addresses come from the media side, bodies from {@code
 * sip.message}.
 */
@NullMarked
package io.tandem.protocol.sip.sdp;

import org.jspecify.annotations.NullMarked;
