package io.tandem.protocol.sip.sieve;

/**
 * Which shares of the new requests are let in to be read. As many are to be read as are served and
 * as may be refused with a word: what is beyond both is dropped after it is read otherwise, and
 * reading it is what those that could be served wait for (OPS-5). Trusted peers, which are carriers
 * mostly, come first: strangers have what they leave.
 *
 * <p>Shares are changed by what the last interval showed: {@code wanted / read} times the one that
 * was, which is where it should be if those who ask go on as they did. Pure.
 *
 * @param trusted of those of trusted peers, 0 to 1
 * @param strangers of all others, 0 to 1
 */
public record Openness(double trusted, double strangers) {
  /** Everything is read. */
  public static final Openness ALL = new Openness(1, 1);

  /** Never nothing: what comes in is what the next share is known by. */
  private static final double LEAST = 0.002;

  private static final double DOWN_AT_MOST = 0.1;
  private static final double UP_AT_MOST = 1.5;
  private static final double NANOS_PER_SECOND = 1e9;

  /** So much of what is wanted is left to strangers whatever trusted peers send. */
  private static final double STRANGERS_PART = 0.05;

  /**
   * What an interval showed.
   *
   * @param fromTrusted new requests that were read, of trusted peers
   * @param fromStrangers of all others
   * @param refused those of all of them that waited too long, or would have
   * @param nanos how long it was
   */
  public record Seen(long fromTrusted, long fromStrangers, long refused, long nanos) {}

  /** Whether nothing is dropped. */
  public boolean isAll() {
    return trusted >= 1 && strangers >= 1;
  }

  /**
   * The shares of the next interval.
   *
   * @param refusalsPerSecond so many may be refused with a word
   */
  public Openness after(Seen seen, int refusalsPerSecond) {
    double affordable = refusalsPerSecond * (seen.nanos() / NANOS_PER_SECOND);
    if (isAll() && seen.refused() <= affordable) {
      return ALL;
    }
    long read = seen.fromTrusted() + seen.fromStrangers();
    double wanted = Math.max(0, read - seen.refused()) + affordable;
    double left = Math.max(wanted * STRANGERS_PART, wanted - seen.fromTrusted());
    return new Openness(
        changed(trusted, wanted, seen.fromTrusted()),
        changed(strangers, left, seen.fromStrangers()));
  }

  private static double changed(double share, double wanted, long read) {
    double factor = Math.clamp(wanted / Math.max(1, read), DOWN_AT_MOST, UP_AT_MOST);
    return Math.clamp(share * factor, LEAST, 1);
  }
}
