package io.tandem.node.edge;

import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.time.Duration;
import java.util.Set;

/**
 * How an edge behaves.
 *
 * @param realm of the digest challenge, part of every stored credential
 * @param mediaHost literal address that descriptions show for media
 * @param timers of SIP
 * @param minExpires the shortest registration; a phone that asks for less gets a 423
 * @param maxExpires the longest registration; who asks for more gets this
 * @param session what is asked and granted of session timers (RFC 4028)
 * @param earlyMedia whether a phone is heard by the caller before it answers, one way
 * @param samePairMax so many calls of the same two numbers at once are no loop (TEL-9)
 * @param mediaSecurity what phones are offered, and what is taken
 * @param storeWithin a new call that cannot be stored in this time is refused with a 503
 * @param knownCallersOnly calls come from trunks alone; others are challenged
 * @param emergency numbers that phones dial in need, and what they are told (TEL-12)
 */
public record EdgeSettings(
    String realm,
    String mediaHost,
    SipTimers timers,
    Duration minExpires,
    Duration maxExpires,
    SessionPolicy session,
    boolean earlyMedia,
    int samePairMax,
    SecurityPolicy mediaSecurity,
    Duration storeWithin,
    boolean knownCallersOnly,
    Emergency emergency) {

  /**
   * Emergency numbers.
   *
   * @param numbers as they are dialled
   * @param announcement spoken to who dials one; empty: nothing is said
   */
  public record Emergency(Set<String> numbers, String announcement) {}
}
