package io.tandem.protocol.media.dtmf;

/**
 * Sends keys as telephone events (RFC 4733 §2.5.1), one packet in 20 ms in place of voice: the
 * first marked, each with the duration so far, the last one three times; then a pause, so that two
 * equal keys are two. Pure: the stream asks at every beat and keeps sequence numbers and
 * timestamps.
 */
public final class EventSender {
  /** Keys that wait at most; a longer text is cut. */
  public static final int MAX_WAITING = 64;

  private static final int VOLUME_BELOW_DBM0 = 10;
  private static final int END_REPEATS = 3;

  private final int ticksPerBeat;
  private final int toneBeats;
  private final int pauseBeats;
  private final char[] waiting = new char[MAX_WAITING];
  private int first;
  private int count;

  private int beat = -1;
  private int startTimestamp;

  /**
   * @param ticksPerBeat RTP ticks in 20 ms: 160 at 8 kHz, 960 at 48 kHz
   * @param toneMillis how long a key is pressed, at least 40
   * @param pauseMillis between keys, at least 40
   */
  public EventSender(int ticksPerBeat, int toneMillis, int pauseMillis) {
    this.ticksPerBeat = ticksPerBeat;
    this.toneBeats = Math.max(2, toneMillis / 20);
    this.pauseBeats = Math.max(2, pauseMillis / 20);
  }

  /**
   * Keys to send after those that wait.
   *
   * @return how many were taken: what is no key is left out, and what finds no room
   */
  public int press(CharSequence keys) {
    int taken = 0;
    for (int i = 0; i < keys.length() && count < MAX_WAITING; i++) {
      if (Keypad.event(keys.charAt(i)) >= 0) {
        waiting[(first + count++) % MAX_WAITING] = keys.charAt(i);
        taken++;
      }
    }
    return taken;
  }

  /** Whether keys are being sent or wait. */
  public boolean isBusy() {
    return count > 0;
  }

  /**
   * The next 20 ms.
   *
   * @param timestamp of the stream at this beat
   * @param payload room for {@link TelephoneEvent#OCTETS}
   * @return whether an event is to be sent now; if not, send voice
   */
  public boolean beat(int timestamp, byte[] payload) {
    if (count == 0) {
      return false;
    }
    beat++;
    if (beat == 0) {
      startTimestamp = timestamp;
    }
    int end = toneBeats - 1;
    if (beat >= end + END_REPEATS) {
      if (beat >= end + END_REPEATS + pauseBeats - 1) {
        beat = -1;
        first = (first + 1) % MAX_WAITING;
        count--;
      }
      return false;
    }
    int duration = Math.min(beat + 1, toneBeats) * ticksPerBeat;
    TelephoneEvent.write(payload, 0, waiting[first], beat >= end, VOLUME_BELOW_DBM0, duration);
    return true;
  }

  /** Timestamp of the packet that {@link #beat} made: where its event began. */
  public int timestamp() {
    return startTimestamp;
  }

  /** Whether that packet carries the marker bit: the first of its event. */
  public boolean marker() {
    return beat == 0;
  }
}
