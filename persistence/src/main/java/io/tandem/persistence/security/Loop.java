package io.tandem.persistence.security;

import io.tandem.persistence.journal.Personal;
import org.jspecify.annotations.Nullable;

/**
 * A call that was refused because it came round again, or could not go on (TEL-9).
 *
 * @param status what it was refused with: 483, 440 or 482
 * @param ground {@code HOPS}, {@code BREADTH}, {@code OUR_VIA} or {@code SAME_PAIR}
 * @param called our number
 * @param campaignId where calls to that number go
 * @param trunk that brought it; null for none
 * @param agentId whose phone sent it back, where it shows that: it carries our own INVITE's marks
 * @param callId the call that came round; null where that is not known
 * @param hopsLeft its Max-Forwards; -1 where it names none
 * @param hops how many it has passed, by its Vias
 * @param breadthLeft its Max-Breadth
 * @param source where it came from
 */
public record Loop(
    int status,
    String ground,
    String called,
    String campaignId,
    @Nullable String trunk,
    @Nullable String agentId,
    @Nullable String callId,
    int hopsLeft,
    int hops,
    int breadthLeft,
    Personal<String> source) {}
