package io.tandem.persistence.call;

import io.tandem.persistence.journal.Personal;
import java.util.List;

/**
 * All that another edge needs to speak for a leg after a death: the SIP dialog as a plain value
 * (RFC 3261 §12), and the last session description without keys. The edge maps it from and to its
 * own dialog.
 *
 * @param callId SIP Call-ID
 * @param localUri ours; on the agent's leg it shows the caller's number, so it is sealed like the
 *     others
 * @param localCseq the last CSeq number we sent; a survivor jumps ahead of it
 * @param transport {@code UDP} or {@code TCP}
 * @param remoteAddress {@code host:port} the leg is reached at
 */
public record LegDialog(
    String callId,
    String localTag,
    String remoteTag,
    Personal<String> localUri,
    Personal<String> remoteUri,
    Personal<String> remoteTarget,
    List<String> routeSet,
    long localCseq,
    long remoteCseq,
    boolean initiator,
    String transport,
    Personal<String> remoteAddress,
    Personal<String> remoteSdp) {}
