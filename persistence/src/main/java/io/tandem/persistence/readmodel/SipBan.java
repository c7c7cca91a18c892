package io.tandem.persistence.readmodel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody the SIP front ends do not hear for a while (ACC-8).
 *
 * @param subject address or user name, in the edge's own form
 * @param offence what it is for, in the edge's own words
 * @param edgeId the edge that pronounced it
 * @param liftedAt null while it holds
 */
public record SipBan(
    String id,
    String subject,
    String offence,
    String edgeId,
    Instant from,
    Instant until,
    @Nullable Instant liftedAt) {}
