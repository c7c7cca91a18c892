package io.tandem.protocol.media.jitter;

import java.util.Arrays;

/**
 * Puts the packets of one stream back into order and pace: the network adds, the player takes once
 * a packet time. The delay follows what the network does ({@link DelayEstimate}): it grows when
 * packets come too late and shrinks, by leaving out a packet in silence, when they come evenly
 * again. Pure: times are passed in; nothing is allocated once packets have their usual size. Not
 * thread-safe.
 *
 * <p>Sequence numbers decide the order; a source that starts anew starts the buffer anew: another
 * SSRC at once, a jump of more than the buffer holds when two packets in a row made it (RFC 3550
 * A.1), for one alone is a stray.
 */
public final class JitterBuffer {
  /** What there is to play next. */
  public enum Next {
    /** A packet: see {@link #payload}, {@link #octets}, {@link #payloadType}. */
    PACKET,
    /** The packet is lost, later ones are here: conceal it. */
    LOST,
    /** Nothing is here: conceal, and silence if this goes on. */
    DRY,
    /** Nothing has ever come, or the first packets gather: silence. */
    WAITING
  }

  private static final int SLOTS = 64;
  private static final int USUAL_OCTETS = 172;
  private static final int NO_STRAY = -1;

  /** So many packets above the wanted depth for {@link #PATIENCE_TAKES} are one too many. */
  private static final int SLACK_PACKETS = 1;

  private static final int PATIENCE_TAKES = 25;

  /** So many above the wanted depth are dropped in the middle of speech. */
  private static final int FLOOD_PACKETS = 10;

  private final int clockRateHz;
  private final DelayEstimate delay;
  private final byte[][] payloads = new byte[SLOTS][USUAL_OCTETS];
  private final int[] lengths = new int[SLOTS];
  private final int[] types = new int[SLOTS];
  private final int[] timestamps = new int[SLOTS];
  private final long[] extended = new long[SLOTS];

  private boolean started;
  private int ssrc;

  /** The number that would confirm a jump. */
  private int afterStray = NO_STRAY;

  private long highest;
  private int highestTimestamp;
  private long next;
  private boolean gathering = true;
  private long gatheringSinceNanos;
  private int takesAboveWanted;
  private int ticksPerPacket;
  private int played;

  private long receivedPackets;
  private long lostPackets;
  private long latePackets;
  private long doublePackets;
  private long droppedPackets;
  private long dryTakes;
  private long strayPackets;

  /**
   * @param clockRateHz of the RTP timestamps
   * @param ticksPerPacket what a packet usually spans, until two in a row tell
   */
  public JitterBuffer(int clockRateHz, int ticksPerPacket) {
    this.clockRateHz = clockRateHz;
    this.ticksPerPacket = ticksPerPacket;
    this.delay = new DelayEstimate(clockRateHz);
    Arrays.fill(extended, -1);
  }

  /**
   * Counters so far.
   *
   * @param received packets, doubles and late ones included
   * @param lost never came, or came too late; concealed
   * @param late of these, the ones that came too late
   * @param doubled came twice
   * @param dropped left out to shorten the delay
   * @param dry takes that found nothing
   * @param stray far from the others in number, and alone: not played
   * @param delayMillis what the buffer wants to hold now
   */
  public record Report(
      long received,
      long lost,
      long late,
      long doubled,
      long dropped,
      long dry,
      long stray,
      int delayMillis) {}

  /** A packet has come; the payload is copied. */
  public void put(
      int packetSsrc,
      int sequence,
      int timestamp,
      int payloadType,
      byte[] payload,
      int from,
      int octets,
      long nowNanos) {
    receivedPackets++;
    long number = started && packetSsrc == ssrc ? unwrap(sequence) : -1;
    if (number < 0) {
      startAt(packetSsrc, sequence, nowNanos);
      number = highest;
    } else if (Math.abs(number - highest) >= SLOTS) {
      if (sequence != afterStray) {
        afterStray = (sequence + 1) & 0xffff;
        strayPackets++;
        return;
      }
      startAt(packetSsrc, sequence, nowNanos);
      number = highest;
    }
    afterStray = NO_STRAY;
    learnPacketTime(number, timestamp);
    delay.arrived(timestamp, nowNanos);
    int slot = (int) (number % SLOTS);
    if (number < next) {
      latePackets++;
      return;
    }
    if (extended[slot] == number) {
      doublePackets++;
      return;
    }
    if (payloads[slot].length < octets) {
      payloads[slot] = new byte[octets];
    }
    System.arraycopy(payload, from, payloads[slot], 0, octets);
    lengths[slot] = octets;
    types[slot] = payloadType;
    timestamps[slot] = timestamp;
    extended[slot] = number;
    if (number >= highest) {
      highest = number;
      highestTimestamp = timestamp;
    }
    makeRoom();
  }

  /**
   * What to play in the next packet time.
   *
   * @param quiet whether leaving out a packet would hardly be heard now
   */
  public Next take(boolean quiet, long nowNanos) {
    if (!started) {
      return Next.WAITING;
    }
    if (gathering && !gathered(nowNanos)) {
      return played == 0 ? Next.WAITING : Next.DRY;
    }
    gathering = false;
    if (depth() == 0) {
      gathering = true;
      gatheringSinceNanos = nowNanos;
      dryTakes++;
      return Next.DRY;
    }
    shorten(quiet);
    played = (int) (next % SLOTS);
    boolean here = extended[played] == next;
    next++;
    if (!here) {
      lostPackets++;
      return Next.LOST;
    }
    return Next.PACKET;
  }

  /** Payload of the packet that {@link #take} gave, valid until the next {@link #put}. */
  public byte[] payload() {
    return payloads[played];
  }

  /** Octets of it. */
  public int octets() {
    return lengths[played];
  }

  /**
   * Whether the packet behind the one that {@link #take} spoke of is here: it may hold what a lost
   * one said.
   */
  public boolean followerIsHere() {
    return extended[(int) (next % SLOTS)] == next;
  }

  /** Payload of the packet behind; see {@link #followerIsHere}. */
  public byte[] followerPayload() {
    return payloads[(int) (next % SLOTS)];
  }

  /** Octets of it. */
  public int followerOctets() {
    return lengths[(int) (next % SLOTS)];
  }

  /** Its RTP payload type. */
  public int payloadType() {
    return types[played];
  }

  /** Its RTP timestamp. */
  public int timestamp() {
    return timestamps[played];
  }

  /** What a packet spans, in RTP ticks. */
  public int ticksPerPacket() {
    return ticksPerPacket;
  }

  /** Counters so far. */
  public Report report() {
    return new Report(
        receivedPackets,
        lostPackets,
        latePackets,
        doublePackets,
        droppedPackets,
        dryTakes,
        strayPackets,
        delay.millis());
  }

  private void startAt(int packetSsrc, int sequence, long nowNanos) {
    started = true;
    ssrc = packetSsrc;
    // A cycle ahead, so that numbers before the first one are positive.
    highest = (1L << 16) + sequence;
    next = highest;
    Arrays.fill(extended, -1);
    gathering = true;
    gatheringSinceNanos = nowNanos;
    delay.restart();
  }

  private long unwrap(int sequence) {
    return highest + (short) (sequence - (int) highest);
  }

  private void learnPacketTime(long number, int timestamp) {
    int ticks = timestamp - highestTimestamp;
    boolean plausible = ticks > 0 && ticks <= clockRateHz * 120 / 1000;
    if (number == highest + 1 && plausible) {
      ticksPerPacket = ticks;
    }
  }

  /** Packets from the next one to the newest, missing ones included. */
  private int depth() {
    return (int) (highest - next + (extended[(int) (highest % SLOTS)] == highest ? 1 : 0));
  }

  private int wantedPackets() {
    int packetMillis = Math.max(1, ticksPerPacket * 1000 / clockRateHz);
    return Math.min(SLOTS / 2, 1 + (delay.millis() + packetMillis - 1) / packetMillis);
  }

  /** Enough is here, or what is here has waited long enough: a talkspurt may be one packet. */
  private boolean gathered(long nowNanos) {
    if (depth() == 0) {
      gatheringSinceNanos = nowNanos;
      return false;
    }
    long waitedMillis = (nowNanos - gatheringSinceNanos) / 1_000_000;
    if (depth() < wantedPackets() && waitedMillis < delay.millis()) {
      return false;
    }
    // What was missing at the head has been made up for by the time that passed.
    while (extended[(int) (next % SLOTS)] != next) {
      next++;
      lostPackets++;
    }
    return true;
  }

  private void shorten(boolean quiet) {
    int above = depth() - wantedPackets();
    takesAboveWanted = above > SLACK_PACKETS ? takesAboveWanted + 1 : 0;
    boolean oneTooMany = takesAboveWanted > PATIENCE_TAKES && quiet;
    if (oneTooMany || above > FLOOD_PACKETS) {
      next++;
      droppedPackets++;
      takesAboveWanted = 0;
    }
  }

  private void makeRoom() {
    while (highest - next >= SLOTS) {
      next++;
      droppedPackets++;
    }
  }
}
