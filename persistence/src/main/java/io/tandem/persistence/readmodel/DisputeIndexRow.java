package io.tandem.persistence.readmodel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One dispute as it is listed: nothing of what was written in words.
 *
 * @param accountId the account whose wallet paid, which filed it
 * @param phase where it stands, one word of the dispute's own
 * @param ground on what it was decided; null before
 * @param deadline until when it could be filed
 * @param creditedAt when the wallet booked what was given back; null before, and where nothing was
 * @param chargedMicros what the call cost, millionths of {@code currency}
 * @param creditMicros what is given back; null before it was decided
 */
public record DisputeIndexRow(
    String disputeId,
    String callId,
    String accountId,
    String campaignId,
    String agentId,
    String phase,
    String reason,
    @Nullable String ground,
    Instant calledAt,
    Instant deadline,
    Instant filedAt,
    @Nullable Instant reviewedAt,
    @Nullable Instant decidedAt,
    @Nullable Instant creditedAt,
    long chargedMicros,
    @Nullable Long creditMicros,
    String currency) {}
