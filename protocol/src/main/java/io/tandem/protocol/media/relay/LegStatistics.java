package io.tandem.protocol.media.relay;

import io.tandem.protocol.media.relay.Tally.Count;
import io.tandem.protocol.media.rtp.VoiceQuality;

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
 * @param reportedFractionLost of the time before its last report, 256ths
 * @param roundTripMicros from us to the party and back, by its last report on a sender report that
 *     passed here; 0 before
 * @param lastSpeechNanos monotonic time of the party's last speech energy, {@link Relay#NEVER}
 *     before
 * @param speechLevel root mean square of the last measured packet, of 32768; -1 when none could be
 *     measured
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
    int reportedFractionLost,
    long roundTripMicros,
    long lastSpeechNanos,
    int speechLevel,
    long lastPacketNanos) {

  /**
   * @param packets datagrams
   * @param octets of UDP payload
   */
  public record Volume(long packets, long octets) {}

  /**
   * How the party sounds here, as a mean opinion score in hundredths (E-model, see {@link
   * VoiceQuality}): by what was lost and how unevenly it came, and half the round trip where it is
   * known.
   */
  public int mosHeardHundredths() {
    return VoiceQuality.mosHundredths(rtpIn.packets(), lost, jitterMicros, roundTripMicros);
  }

  /**
   * How we sound to the party, as its reports say.
   *
   * @param clockRateHz of the jitter in them, 8000 for G.711
   */
  public int mosReportedHundredths(int clockRateHz) {
    return VoiceQuality.mosHundredths(
        rtpOut.packets() - reportedLost,
        reportedLost,
        reportedJitterTicks * 1_000_000 / clockRateHz,
        roundTripMicros);
  }

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
        (int) tally.get(Count.REPORTED_FRACTION),
        tally.get(Count.ROUND_TRIP_MICROS),
        tally.get(Count.LAST_SPEECH_NANOS),
        (int) tally.get(Count.SPEECH_LEVEL),
        tally.get(Count.LAST_PACKET_NANOS));
  }
}
