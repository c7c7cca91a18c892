package io.tandem.protocol.media.relay;

import io.tandem.protocol.media.relay.Tally.Count;

/**
 * What passed one leg so far. "In" is what its party sent us and was accepted, "out" is what we
 * sent it.
 *
 * @param rtpIn accepted RTP
 * @param rtpOut sent RTP
 * @param rtcpIn accepted RTCP
 * @param rtcpOut sent RTCP
 * @param lost packets of the party that never arrived, by sequence number (RFC 3550 A.3)
 * @param jitterMicros interarrival jitter of the party's stream (RFC 3550 A.8)
 * @param invalid datagrams that were neither RTP nor RTCP
 * @param strangers datagrams of sources that are not the party
 * @param early datagrams before anybody was expected
 * @param refused packets of conceivable sources that the leg's transform found neither authentic
 *     nor new, or could not encrypt
 * @param excess datagrams of the party above 500 a second
 * @param heldBack accepted packets that were not passed on: not bridged, on hold, nowhere to go
 * @param congested packets dropped because the socket's queue was full
 * @param latches how often a source was latched; above one, the party moved
 * @param reportedLost packets lost on the way to the party, as its RTCP reports say
 * @param reportedJitterTicks jitter at the party, as its RTCP reports say, in RTP ticks
 * @param lastPacketNanos monotonic time of the party's last packet, {@link Relay#NEVER} before
 */
public record LegStatistics(
    Volume rtpIn,
    Volume rtpOut,
    Volume rtcpIn,
    Volume rtcpOut,
    long lost,
    long jitterMicros,
    long invalid,
    long strangers,
    long early,
    long refused,
    long excess,
    long heldBack,
    long congested,
    long latches,
    long reportedLost,
    long reportedJitterTicks,
    long lastPacketNanos) {

  /**
   * @param packets datagrams
   * @param octets of UDP payload
   */
  public record Volume(long packets, long octets) {}

  static LegStatistics of(Tally tally) {
    return new LegStatistics(
        new Volume(tally.get(Count.RTP_IN), tally.get(Count.RTP_OCTETS_IN)),
        new Volume(tally.get(Count.RTP_OUT), tally.get(Count.RTP_OCTETS_OUT)),
        new Volume(tally.get(Count.RTCP_IN), tally.get(Count.RTCP_OCTETS_IN)),
        new Volume(tally.get(Count.RTCP_OUT), tally.get(Count.RTCP_OCTETS_OUT)),
        tally.get(Count.LOST),
        tally.get(Count.JITTER_MICROS),
        tally.get(Count.INVALID),
        tally.get(Count.STRANGERS),
        tally.get(Count.EARLY),
        tally.get(Count.REFUSED),
        tally.get(Count.EXCESS),
        tally.get(Count.HELD_BACK),
        tally.get(Count.CONGESTED),
        tally.get(Count.LATCHES),
        tally.get(Count.REPORTED_LOST),
        tally.get(Count.REPORTED_JITTER_TICKS),
        tally.get(Count.LAST_PACKET_NANOS));
  }
}
