package io.tandem.persistence.readmodel;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call as it is listed: the call detail record, from the first event on.
 *
 * @param accountId whose call it is, null where nobody's yet
 * @param phase where the call stands, one word of the call's own
 * @param direction {@code inbound}, {@code outbound} or {@code internal}
 * @param callerBlind the caller's number blinded, to find repeats by
 * @param called the number or extension that was called: ours, not a person's
 * @param connected connected time, null while it lasts or where there was none
 * @param billable whether the qualifying timer was reached (QT-3)
 * @param chargedMicros what was captured, millionths of {@code currency}
 * @param repeatsCallId the call it repeats within the duplicate window (QT-8)
 * @param edge the edge that carries it, as {@code name@incarnation}
 */
public record CallIndexRow(
    String callId,
    @Nullable String accountId,
    @Nullable String campaignId,
    @Nullable String agentId,
    String phase,
    String direction,
    @Nullable String callerBlind,
    @Nullable String called,
    Instant startedAt,
    @Nullable Instant connectedAt,
    @Nullable Instant endedAt,
    @Nullable Duration connected,
    boolean billable,
    @Nullable Long chargedMicros,
    @Nullable String currency,
    @Nullable String endReason,
    @Nullable String repeatsCallId,
    @Nullable String edge) {}
