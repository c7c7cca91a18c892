package io.tandem.protocol.media.dtmf;

/**
 * Views on the payload of one telephone-event packet (RFC 4733 §2.3); nothing is copied.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     event     |E|R| volume    |          duration             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class TelephoneEvent {
  /** Octets of the payload. */
  public static final int OCTETS = 4;

  /** The longest duration a packet can say; longer events are sent in segments (§2.5.1.3). */
  public static final int MAX_DURATION_TICKS = 0xffff;

  private TelephoneEvent() {}

  /** Whether this is one event of a key; other events (§3.2 has none) and lists are not read. */
  public static boolean isKey(byte[] payload, int from, int octets) {
    return octets == OCTETS && (payload[from] & 0xff) < Keypad.KEYS;
  }

  /** The key. */
  public static char key(byte[] payload, int from) {
    return Keypad.ofEvent(payload[from]);
  }

  /** E: the event is over; the last packet is sent three times. */
  public static boolean isEnd(byte[] payload, int from) {
    return (payload[from + 1] & 0x80) != 0;
  }

  /** How long the event has been going on, in ticks of the RTP clock. */
  public static int durationTicks(byte[] payload, int from) {
    return ((payload[from + 2] & 0xff) << 8) | (payload[from + 3] & 0xff);
  }

  /**
   * Writes one.
   *
   * @param volume 0 to 63, power below 0 dBm0
   */
  public static void write(
      byte[] payload, int at, char key, boolean end, int volume, int durationTicks) {
    payload[at] = (byte) Keypad.event(key);
    payload[at + 1] = (byte) ((end ? 0x80 : 0) | (volume & 0x3f));
    payload[at + 2] = (byte) (durationTicks >> 8);
    payload[at + 3] = (byte) durationTicks;
  }
}
