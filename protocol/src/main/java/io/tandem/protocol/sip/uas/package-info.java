/**
 * What a user agent server looks at before it processes a request (RFC 3261 section 8.2): method,
 * URI schemes, required extensions, content; pure.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.uas.UasInspection}. Neighbours: {@code sip.message} read
 * the request, {@code sip.transaction} sends the refusal, the edge knows its own {@link
 * io.tandem.protocol.sip.uas.Capabilities}.
 */
@NullMarked
package io.tandem.protocol.sip.uas;

import org.jspecify.annotations.NullMarked;
