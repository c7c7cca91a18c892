package io.tandem.persistence.dispute;

import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.time.ZoneId;

/**
 * What a dispute is about, as the call itself had it when the dispute was filed.
 *
 * @param offerId the offer that the agent answered
 * @param accountId the agent's account, whose wallet paid
 * @param charge what it paid
 * @param calledAt when the call was offered: from then the time to file runs
 * @param connectedMillis how long they talked
 * @param zone in which the account's days are counted (DSP-1)
 */
public record DisputedCall(
    String callId,
    String offerId,
    String agentId,
    String accountId,
    String campaignId,
    Money charge,
    Instant calledAt,
    long connectedMillis,
    ZoneId zone) {}
