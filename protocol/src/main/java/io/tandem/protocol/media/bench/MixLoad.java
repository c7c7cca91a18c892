package io.tandem.protocol.media.bench;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceEncoder;
import io.tandem.protocol.media.rtp.RtpPacket;
import io.tandem.protocol.media.voice.LegFormat;
import io.tandem.protocol.media.voice.VoiceLeg;
import io.tandem.protocol.media.voice.VoiceRoom;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a participant of a conference costs: rooms of legs whose packets of 20 ms pass jitter
 * buffer, decoder, mixer and encoder, in virtual time as fast as one thread can. Sockets are not in
 * it (the relay's benchmark has them). Some legs of a room talk, the others send a quiet
 * background, as phones without silence suppression do.
 */
public final class MixLoad {
  private static final long BEAT_NANOS = 20_000_000L;
  private static final int DISTINCT_FRAMES = 50;
  private static final int OPUS_PAYLOAD_TYPE = 111;

  private MixLoad() {}

  /**
   * What to run.
   *
   * @param roomSize participants of a room
   * @param rooms of that size
   * @param talkers who talk in a room, at most all
   * @param codecs the legs of a room take turns in these
   * @param warmUpBeats not measured
   * @param beats measured
   */
  public record Load(
      int roomSize, int rooms, int talkers, List<VoiceCodec> codecs, int warmUpBeats, int beats) {}

  /**
   * What came of it.
   *
   * @param cpuMicros of one participant for 20 ms: packet in, its share of the pass, packet out
   * @param participantsPerCore how many of these one core carries when it does nothing else
   * @param garbageOctets heap allocated for one participant in 20 ms
   * @param packetsOut sent, to be compared with participants times beats
   */
  public record Outcome(
      Load load,
      double cpuMicros,
      long participantsPerCore,
      double garbageOctets,
      long packetsOut) {}

  /** One leg and what its phone sends, over and over. */
  private static final class Phone {
    final VoiceLeg leg;
    final ByteBuf[] packets = new ByteBuf[DISTINCT_FRAMES];
    private int sequence;
    private int timestamp;

    Phone(VoiceCodec codec, int number, boolean talks, long[] sent) {
      int type = codec.payloadType() < 0 ? OPUS_PAYLOAD_TYPE : codec.payloadType();
      LegFormat format = new LegFormat(codec, type, LegFormat.NONE);
      leg = new VoiceLeg(format, (packet, octets) -> sent[0]++, number + 1);
      Random random = new Random(number);
      short[] samples = new short[codec.samplesPer20Ms()];
      byte[] payload = new byte[codec.maxOctetsPer20Ms()];
      double hertz = 100 + random.nextInt(200);
      try (VoiceEncoder encoder = codec.newEncoder()) {
        for (int f = 0; f < DISTINCT_FRAMES; f++) {
          for (int i = 0; i < samples.length; i++) {
            double t = (double) (f * samples.length + i) / codec.sampleRateHz();
            double voice = Math.sin(2 * Math.PI * hertz * t) + Math.sin(6 * Math.PI * hertz * t);
            samples[i] = (short) (talks ? 4000 * voice : 30 * random.nextGaussian());
          }
          int octets = encoder.encode(samples, 0, samples.length, payload, 0);
          ByteBuf packet = Unpooled.directBuffer(RtpPacket.FIXED_HEADER_OCTETS + octets);
          RtpPacket.writeHeader(packet, false, type, 0, 0, number + 1);
          packets[f] = packet.writeBytes(payload, 0, octets);
        }
      }
    }

    void close() {
      leg.close();
      for (ByteBuf packet : packets) {
        packet.release();
      }
    }

    void speak(long now) {
      ByteBuf packet = packets[sequence % DISTINCT_FRAMES];
      packet.setShort(2, sequence++);
      packet.setInt(4, timestamp);
      timestamp += leg.format().codec().ticksPer20Ms();
      leg.onPacket(packet, now);
    }
  }

  /** Runs the load on the calling thread. */
  public static Outcome run(Load load) {
    long[] sent = new long[1];
    List<VoiceRoom> rooms = new ArrayList<>();
    List<Phone> phones = new ArrayList<>();
    for (int r = 0; r < load.rooms(); r++) {
      VoiceRoom room = VoiceRoom.conference(load.roomSize());
      rooms.add(room);
      for (int i = 0; i < load.roomSize(); i++) {
        VoiceCodec codec = load.codecs().get(i % load.codecs().size());
        Phone phone = new Phone(codec, r * load.roomSize() + i, i < load.talkers(), sent);
        phones.add(phone);
        var _ = room.join(phone.leg, 0).orElseThrow();
      }
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long now = beats(load.warmUpBeats(), 0, rooms, phones);
    sent[0] = 0;
    long garbage = threads.getCurrentThreadAllocatedBytes();
    long cpu = threads.getCurrentThreadCpuTime();
    beats(load.beats(), now, rooms, phones);
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    garbage = threads.getCurrentThreadAllocatedBytes() - garbage;
    rooms.forEach(VoiceRoom::close);
    phones.forEach(Phone::close);
    double frames = (double) phones.size() * load.beats();
    return new Outcome(
        load, cpu / 1000.0 / frames, (long) (BEAT_NANOS * frames / cpu), garbage / frames, sent[0]);
  }

  private static long beats(int count, long from, List<VoiceRoom> rooms, List<Phone> phones) {
    long now = from;
    for (int beat = 0; beat < count; beat++) {
      for (int i = 0; i < phones.size(); i++) {
        phones.get(i).speak(now);
      }
      now += BEAT_NANOS;
      for (int i = 0; i < rooms.size(); i++) {
        rooms.get(i).beat(now);
      }
    }
    return now;
  }
}
