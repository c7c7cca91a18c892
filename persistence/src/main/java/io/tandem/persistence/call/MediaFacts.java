package io.tandem.persistence.call;

/**
 * How the voice of a connected call was, as its edge measured it (COOL-2, DSP-5). Stretches are
 * exact to a second.
 *
 * @param caller what the caller's side sent
 * @param agent what the agent's side sent
 * @param oneWayMillis the longest stretch in which one side sent packets and the other none
 * @param deadAirMillis the longest stretch before the timer in which the agent could be heard, and
 *     sent no speech or no packets; a stretch begins anew when the caller takes it back from hold
 */
public record MediaFacts(OfSide caller, OfSide agent, long oneWayMillis, long deadAirMillis) {
  /** No measure: the codec is none that speech is heard in. */
  public static final long UNKNOWN = -1;

  /**
   * What one side sent.
   *
   * @param packets of RTP that came
   * @param lost that never came, by their numbers (RFC 3550 A.3)
   * @param jitterMicros interarrival jitter at the end (RFC 3550 A.8)
   * @param mosHundredths estimate of how it sounded here
   * @param withoutMediaMillis the longest stretch without a packet
   * @param withoutSpeechMillis the longest stretch without speech energy, or {@link #UNKNOWN}
   */
  public record OfSide(
      long packets,
      long lost,
      long jitterMicros,
      int mosHundredths,
      long withoutMediaMillis,
      long withoutSpeechMillis) {}
}
