package io.tandem.protocol.media.dtmf;

/**
 * Hears each key of a stream of telephone events once (RFC 4733 §2.5.2), whatever is lost, doubled
 * or late, as long as one packet of the event arrives. All packets of an event carry its first
 * timestamp, so the timestamp is its name; a key is told with the first packet that names it. Pure,
 * without allocation.
 *
 * <p>Not read: events in RFC 2198 redundancy, and senders that move the timestamp on within an
 * event, which §2.2.2 forbids: these are heard as a key a packet. A party that counts its
 * timestamps anew under the same SSRC is heard with its event's second packet.
 */
public final class EventReceiver {
  /** What {@link #packet} answers when no new key begins. */
  public static final char NONE = 0;

  /** An event whose packets come so long after a newer one is forgotten. */
  private static final int OLDEST_SECONDS = 2;

  private static final int REMEMBERED = 16;

  private final int oldestTicks;

  private final int[] told = new int[REMEMBERED];
  private int tellings;
  private int newest;
  private char lastKey;
  private int lastTimestamp;
  private int lastDuration;
  private int strayTimestamp;
  private int strayDuration;

  /**
   * @param clockRateHz of the RTP timestamps
   */
  public EventReceiver(int clockRateHz) {
    oldestTicks = OLDEST_SECONDS * clockRateHz;
  }

  /**
   * One packet of the payload type of telephone events.
   *
   * @param timestamp of the RTP header
   * @return the key when this is the first packet of its event, else {@link #NONE}
   */
  public char packet(int timestamp, byte[] payload, int from, int octets) {
    if (!TelephoneEvent.isKey(payload, from, octets)) {
      return NONE;
    }
    char key = TelephoneEvent.key(payload, from);
    int duration = TelephoneEvent.durationTicks(payload, from);
    if (wasTold(timestamp)) {
      if (timestamp == lastTimestamp) {
        lastDuration = Math.max(lastDuration, duration);
      }
      return NONE;
    }
    if (tellings > 0 && newest - timestamp > oldestTicks) {
      boolean goingOn = timestamp == strayTimestamp && duration > strayDuration;
      strayTimestamp = timestamp;
      strayDuration = duration;
      if (!goingOn) {
        return NONE;
      }
      reset(); // an event that goes on is no straggler: the party has begun to count anew
    }
    boolean goesOn = tellings > 0 && key == lastKey && isNextSegment(timestamp);
    remember(key, timestamp, duration);
    return goesOn ? NONE : key;
  }

  /** A new source speaks: its timestamps have nothing to do with those of the former one. */
  public void reset() {
    tellings = 0;
  }

  /** A key that is held longer than a duration can say goes on under a new timestamp (§2.5.1.3). */
  private boolean isNextSegment(int timestamp) {
    int since = timestamp - lastTimestamp;
    return since == TelephoneEvent.MAX_DURATION_TICKS
        || (lastDuration == TelephoneEvent.MAX_DURATION_TICKS && since == lastDuration + 1);
  }

  private boolean wasTold(int timestamp) {
    for (int i = Math.max(0, tellings - REMEMBERED); i < tellings; i++) {
      if (told[i % REMEMBERED] == timestamp) {
        return true;
      }
    }
    return false;
  }

  private void remember(char key, int timestamp, int duration) {
    if (tellings == 0 || timestamp - newest > 0) {
      newest = timestamp;
    }
    told[tellings % REMEMBERED] = timestamp;
    tellings++;
    if (tellings == 2 * REMEMBERED) {
      tellings = REMEMBERED; // the ring's phase stays, the count does not grow for ever
    }
    lastKey = key;
    lastTimestamp = timestamp;
    lastDuration = duration;
  }
}
