package io.tandem.persistence.call;

import java.time.Instant;

/**
 * What is known of a call whose edge died (QT-5): the edge's last durable heartbeat and what it
 * said of the call.
 *
 * @param heartbeatAt the edge's last heartbeat
 * @param lastMediaAt the last media (or, before any, the last signalling) the heartbeat vouches
 *     for; never after {@code heartbeatAt}
 */
public record ProofOfLife(EdgeRef edge, Instant heartbeatAt, Instant lastMediaAt) {}
