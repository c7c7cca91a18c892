package io.tandem.protocol.media.voice;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.codec.ComfortNoise;
import io.tandem.protocol.media.codec.VoiceDecoder;
import io.tandem.protocol.media.codec.VoiceEncoder;
import io.tandem.protocol.media.dtmf.EventReceiver;
import io.tandem.protocol.media.dtmf.EventSender;
import io.tandem.protocol.media.dtmf.KeyToneDetector;
import io.tandem.protocol.media.dtmf.KeyTones;
import io.tandem.protocol.media.dtmf.TelephoneEvent;
import io.tandem.protocol.media.jitter.JitterBuffer;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A leg whose sound we need: packets come in and 20 ms of samples go out, and the other way round.
 * {@code packet → (keys | jitter buffer → decoder, concealment, comfort noise) → samples}, {@code
 * samples → encoder → packet}, telephone events in place of voice while keys are sent.
 *
 * <p>Packets arrive by one thread, samples are taken and given by another; each side has its lock,
 * held for microseconds. But for Opus in Java, no allocation a packet.
 */
public final class VoiceLeg implements AutoCloseable {
  private static final int MAX_PAYLOAD_OCTETS = 2048;
  private static final int KEY_MILLIS = 100;
  private static final int KEY_PAUSE_MILLIS = 60;
  private static final double QUIET_MEAN_SQUARE = 100 * 100;

  private final LegFormat format;
  private final PacketDoor door;
  private final int frame;

  // Receiving: guarded by `receiving`.
  private final Object receiving = new Object();
  private final JitterBuffer jitter;
  private final EventReceiver events;
  private final byte[] arrived = new byte[MAX_PAYLOAD_OCTETS];
  private final ComfortNoise noise;
  private boolean noiseAsked;
  private int source;
  private long strange;
  private volatile KeyListener keys = key -> {};

  // Playing: by the thread of the beat only.
  private final VoiceDecoder decoder;
  private final short[] decoded;
  private final short[] line;
  private final KeyToneDetector toneDetector;
  private volatile boolean keysInBand;
  private int lineCount;
  private boolean quiet = true;

  // Sending: guarded by `sending`.
  private final Object sending = new Object();
  private final EventSender keySender;
  private final KeyTones keyTones;
  private final short[] tone;
  private final byte[] packet;
  private final byte[] eventPayload = new byte[TelephoneEvent.OCTETS];
  private @Nullable VoiceEncoder encoder;
  private final int ssrc;
  private int sequence;
  private int timestamp;
  private boolean startOfSpeech = true;
  private boolean closed;

  /**
   * @param ssrc of what we send; sequence numbers and timestamps begin at values made of it
   */
  public VoiceLeg(LegFormat format, PacketDoor door, int ssrc) {
    this.format = format;
    this.door = door;
    this.ssrc = ssrc;
    this.sequence = (ssrc * 31) & 0xffff;
    this.timestamp = ssrc * 961;
    this.frame = format.codec().samplesPer20Ms();
    this.jitter = new JitterBuffer(format.codec().clockRateHz(), format.codec().ticksPer20Ms());
    this.events = new EventReceiver(format.codec().clockRateHz());
    this.noise = new ComfortNoise(ssrc);
    this.decoder = format.codec().newDecoder();
    this.decoded = new short[format.codec().maxSamplesPerPacket()];
    this.line = new short[format.codec().maxSamplesPerPacket() + frame];
    this.toneDetector = new KeyToneDetector(format.codec().sampleRateHz());
    this.keySender = new EventSender(format.codec().ticksPer20Ms(), KEY_MILLIS, KEY_PAUSE_MILLIS);
    this.keyTones = new KeyTones(format.codec().sampleRateHz(), KEY_MILLIS, KEY_PAUSE_MILLIS);
    this.tone = new short[frame];
    this.packet = new byte[RtpPacket.FIXED_HEADER_OCTETS + format.codec().maxOctetsPer20Ms()];
  }

  /** What the leg speaks. */
  public LegFormat format() {
    return format;
  }

  /** Who hears the keys from now on; one listener. */
  public void onKeys(KeyListener listener) {
    keys = listener;
  }

  /** Also hears keys in the sound: for parties without telephone events. */
  public void hearKeysInBand(boolean on) {
    keysInBand = on;
  }

  /** A valid RTP packet of this leg's party has come; nothing of the buffer is kept. */
  public void onPacket(ByteBuf rtp, long nowNanos) {
    int octets = Math.min(MAX_PAYLOAD_OCTETS, RtpPacket.payloadOctets(rtp));
    int type = RtpPacket.payloadType(rtp);
    char key = EventReceiver.NONE;
    synchronized (receiving) {
      rtp.getBytes(RtpPacket.payloadIndex(rtp), arrived, 0, octets);
      if (RtpPacket.ssrc(rtp) != source) {
        source = RtpPacket.ssrc(rtp);
        events.reset();
      }
      if (type == format.payloadType()) {
        noiseAsked = false;
        jitter.put(
            source,
            RtpPacket.sequence(rtp),
            RtpPacket.timestamp(rtp),
            type,
            arrived,
            0,
            octets,
            nowNanos);
      } else if (type == format.telephoneEventType()) {
        key = events.packet(RtpPacket.timestamp(rtp), arrived, 0, octets);
      } else if (type == ComfortNoise.PAYLOAD_TYPE) {
        noiseAsked = noise.read(arrived, 0, octets);
      } else {
        strange++;
      }
    }
    if (key != EventReceiver.NONE) {
      keys.key(key);
    }
  }

  /**
   * The next 20 ms of the party's voice.
   *
   * @param samples room for one frame of the codec from index 0
   * @return false when the party has not been heard yet; the samples are silence then
   */
  public boolean receive(short[] samples, long nowNanos) {
    while (lineCount < frame) {
      int count = next(nowNanos);
      if (count == 0) {
        Arrays.fill(samples, 0, frame, (short) 0);
        return false;
      }
      System.arraycopy(decoded, 0, line, lineCount, count);
      lineCount += count;
    }
    System.arraycopy(line, 0, samples, 0, frame);
    lineCount -= frame;
    System.arraycopy(line, frame, line, 0, lineCount);
    quiet = isQuiet(samples);
    if (keysInBand) {
      char key = toneDetector.hear(samples, 0, frame);
      if (key != KeyToneDetector.NONE) {
        keys.key(key);
      }
    }
    return true;
  }

  /** Decodes or makes up some samples; 0 when there is nothing to play yet. */
  private int next(long nowNanos) {
    synchronized (receiving) {
      switch (jitter.take(quiet, nowNanos)) {
        case PACKET -> {
          int count = decoder.decode(jitter.payload(), 0, jitter.octets(), decoded);
          if (count != VoiceDecoder.UNREADABLE) {
            return count;
          }
          strange++;
          decoder.conceal(decoded, frame);
        }
        case LOST -> {
          if (jitter.followerIsHere()) {
            decoder.recover(jitter.followerPayload(), 0, jitter.followerOctets(), decoded, frame);
          } else {
            decoder.conceal(decoded, frame);
          }
        }
        case DRY -> {
          if (noiseAsked) {
            noise.fill(decoded, 0, frame);
          } else {
            decoder.conceal(decoded, frame);
          }
        }
        case WAITING -> {
          return 0;
        }
      }
    }
    return frame;
  }

  private boolean isQuiet(short[] samples) {
    long sum = 0;
    for (int i = 0; i < frame; i += 4) {
      sum += samples[i] * samples[i];
    }
    return sum < QUIET_MEAN_SQUARE * frame / 4;
  }

  /**
   * Presses keys towards the party: as telephone events, or as sound in place of the voice when no
   * type was agreed for these.
   *
   * @return how many of them are keys
   */
  public int press(CharSequence text) {
    synchronized (sending) {
      return format.telephoneEventType() < 0 ? keyTones.press(text) : keySender.press(text);
    }
  }

  /** Sends the next 20 ms: these samples, or an event when keys are being sent. */
  public void send(short[] samples) {
    synchronized (sending) {
      if (closed || eventSent() || toneSent()) {
        return;
      }
      encodeAndSend(samples);
    }
  }

  private void encodeAndSend(short[] samples) {
    VoiceEncoder own = encoder;
    if (own == null) {
      own = format.codec().newEncoder();
      encoder = own;
    }
    int octets = own.encode(samples, 0, frame, packet, RtpPacket.FIXED_HEADER_OCTETS);
    sendPacket(startOfSpeech, format.payloadType(), timestamp, octets);
    startOfSpeech = false;
    timestamp += format.codec().ticksPer20Ms();
  }

  private boolean toneSent() {
    if (!keyTones.isBusy()) {
      return false;
    }
    keyTones.fill(tone, 0, frame);
    encodeAndSend(tone);
    return true;
  }

  /** Sends the next 20 ms, encoded before for many legs of this codec. */
  public void sendEncoded(byte[] payload, int octets) {
    synchronized (sending) {
      if (closed || eventSent() || toneSent()) {
        return;
      }
      System.arraycopy(payload, 0, packet, RtpPacket.FIXED_HEADER_OCTETS, octets);
      sendPacket(startOfSpeech, format.payloadType(), timestamp, octets);
      startOfSpeech = false;
      timestamp += format.codec().ticksPer20Ms();
    }
  }

  /** Lets 20 ms pass without a packet: the party sends only, or hears nothing for now. */
  public void sendNothing() {
    synchronized (sending) {
      startOfSpeech = true;
      timestamp += format.codec().ticksPer20Ms();
    }
  }

  private boolean eventSent() {
    if (!keySender.beat(timestamp, eventPayload)) {
      return false;
    }
    System.arraycopy(eventPayload, 0, packet, RtpPacket.FIXED_HEADER_OCTETS, eventPayload.length);
    sendPacket(
        keySender.marker(),
        format.telephoneEventType(),
        keySender.timestamp(),
        eventPayload.length);
    timestamp += format.codec().ticksPer20Ms();
    return true;
  }

  private void sendPacket(boolean marker, int type, int atTimestamp, int payloadOctets) {
    packet[0] = (byte) 0x80;
    packet[1] = (byte) ((marker ? 0x80 : 0) | type);
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    putInt(4, atTimestamp);
    putInt(8, ssrc);
    sequence++;
    door.send(packet, RtpPacket.FIXED_HEADER_OCTETS + payloadOctets);
  }

  private void putInt(int at, int value) {
    packet[at] = (byte) (value >> 24);
    packet[at + 1] = (byte) (value >> 16);
    packet[at + 2] = (byte) (value >> 8);
    packet[at + 3] = (byte) value;
  }

  /**
   * Counters of the receiving side.
   *
   * @param jitter see there
   * @param strange packets of a type nobody agreed on, or unreadable ones
   */
  public record Report(JitterBuffer.Report jitter, long strange) {}

  /** Counters so far. */
  public Report report() {
    synchronized (receiving) {
      return new Report(jitter.report(), strange);
    }
  }

  /**
   * Gives back what the codecs hold. Nothing is sent any more; nobody may {@link #receive} any
   * more.
   */
  @Override
  public void close() {
    synchronized (sending) {
      if (!closed) {
        closed = true;
        decoder.close();
        if (encoder != null) {
          encoder.close();
        }
      }
    }
  }
}
