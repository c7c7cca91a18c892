/**
 * What the SIP messages of an edge tell those who watch it: the last messages of each call, masked
 * (PRV-4), the end-to-end measures of RFC 6076, and packets for a Homer collector (HEP version 3).
 * Pure: messages and instants in, lines, measures and octets out.
 *
 * <p>Way in: {@link io.tandem.protocol.sip.observe.CallTraces}, {@link
 * io.tandem.protocol.sip.observe.SessionMeasures} and {@link io.tandem.protocol.sip.observe.Hep3}.
 * Neighbours: {@code sip.transport} shows every message to its {@code MessageWatch}; the edge feeds
 * these from there.
 */
@NullMarked
package io.tandem.protocol.sip.observe;

import org.jspecify.annotations.NullMarked;
