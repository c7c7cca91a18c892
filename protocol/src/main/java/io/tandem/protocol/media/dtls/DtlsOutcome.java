package io.tandem.protocol.media.dtls;

import io.tandem.protocol.media.srtp.SrtpKeys;

/** What a handshake came to. */
public sealed interface DtlsOutcome {
  /**
   * The peer is who the signalling named.
   *
   * @param sending keys of what we send
   * @param receiving keys of what we hear
   */
  record Keyed(SrtpKeys sending, SrtpKeys receiving) implements DtlsOutcome {}

  /**
   * No keys. The next ClientHello begins anew; the call is not touched.
   *
   * @param reason for the counters; names no person and no key
   */
  record Failed(String reason) implements DtlsOutcome {}
}
