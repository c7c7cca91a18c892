package io.tandem.protocol.media.srtp;

/**
 * Why a packet was not sealed or opened. On the packet's way it is a negative length, so that
 * nothing is made for it; {@link #of} gives its name back.
 */
public enum SrtpRefusal {
  /** Not RTP or RTCP, or shorter than its header and tag. */
  MALFORMED,
  /** A packet of this index passed before (RFC 3711 3.3.2). */
  REPLAYED,
  /** Further behind than the replay window remembers. */
  TOO_OLD,
  /** The tag is wrong: another key, or changed on the way. */
  NOT_AUTHENTIC,
  /** SRTCP that says it is not encrypted: nobody agreed to that. */
  NOT_ENCRYPTED,
  /** The keys have served their lifetime (RFC 3711 9.2); fresh ones need a new negotiation. */
  KEYS_WORN_OUT,
  /** More synchronization sources on one leg than a call can have. */
  TOO_MANY_SOURCES,
  /** The packet and its tag do not fit the buffer. */
  NO_ROOM;

  /** The negative length that stands for it. */
  public int code() {
    return -1 - ordinal();
  }

  /**
   * The refusal of a negative length.
   *
   * @throws IllegalArgumentException for a length
   */
  public static SrtpRefusal of(int code) {
    if (code >= 0 || -1 - code >= VALUES.length) {
      throw new IllegalArgumentException("not a refusal: " + code);
    }
    return VALUES[-1 - code];
  }

  private static final SrtpRefusal[] VALUES = values();
}
