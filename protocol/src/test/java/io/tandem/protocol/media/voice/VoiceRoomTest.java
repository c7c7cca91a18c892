package io.tandem.protocol.media.voice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.Signals;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceDecoder;
import io.tandem.protocol.media.codec.VoiceEncoder;
import io.tandem.protocol.media.dtmf.EventReceiver;
import io.tandem.protocol.media.dtmf.TelephoneEvent;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rooms with packets in and packets out, beaten by hand in virtual time. */
class VoiceRoomTest {
  private static final long BEAT = 20_000_000;

  /** A telephone: says a tone in packets, decodes what it is sent. */
  static final class Phone {
    final VoiceCodec codec;
    final VoiceLeg leg;
    final Member member;
    final List<Integer> sequences = new ArrayList<>();
    final StringBuilder keysHeard = new StringBuilder();
    private final VoiceEncoder encoder;
    private final VoiceDecoder decoder;
    private final EventReceiver events;
    private final short[] decoded;
    private final byte[] payload;
    private short[] heard = new short[0];
    private int sequence = 65_530;
    private int timestamp;
    private double hertz;

    Phone(VoiceRoom room, VoiceCodec codec, double hertz) {
      this.codec = codec;
      this.events = new EventReceiver(codec.clockRateHz());
      this.hertz = hertz;
      this.encoder = codec.newEncoder();
      this.decoder = codec.newDecoder();
      this.decoded = new short[codec.maxSamplesPerPacket()];
      this.payload = new byte[codec.maxOctetsPer20Ms()];
      int type = codec.payloadType() < 0 ? 111 : codec.payloadType();
      this.leg = new VoiceLeg(new LegFormat(codec, type, 101), this::take, 4711 + (int) hertz);
      this.member = room.join(leg, 0).orElseThrow();
    }

    void say(double frequency) {
      hertz = frequency;
    }

    void speak(long now) {
      int frame = codec.samplesPer20Ms();
      short[] samples = new short[frame];
      for (int i = 0; i < frame && hertz > 0; i++) {
        double t = (double) ((long) timestamp * codec.sampleRateHz() / codec.clockRateHz() + i);
        samples[i] = (short) (9000 * Math.sin(2 * Math.PI * hertz * t / codec.sampleRateHz()));
      }
      int octets = encoder.encode(samples, 0, frame, payload, 0);
      leg.onPacket(packet(leg.format().payloadType(), payload, octets, timestamp), now);
      timestamp += codec.ticksPer20Ms();
    }

    ByteBuf packet(int type, byte[] body, int octets, int at) {
      ByteBuf packet = Unpooled.buffer(12 + octets);
      RtpPacket.writeHeader(packet, false, type, sequence++, at, 99);
      return packet.writeBytes(body, 0, octets);
    }

    private void take(byte[] packet, int octets) {
      ByteBuf rtp = Unpooled.wrappedBuffer(packet, 0, octets);
      assertThat(RtpPacket.isValid(rtp)).isTrue();
      sequences.add(RtpPacket.sequence(rtp));
      if (RtpPacket.payloadType(rtp) == 101) {
        char key = events.packet(RtpPacket.timestamp(rtp), packet, 12, octets - 12);
        if (key != EventReceiver.NONE) {
          keysHeard.append(key);
        }
        return;
      }
      assertThat(RtpPacket.payloadType(rtp)).isEqualTo(leg.format().payloadType());
      int count = decoder.decode(packet, 12, octets - 12, decoded);
      short[] more = Arrays.copyOf(heard, heard.length + count);
      System.arraycopy(decoded, 0, more, heard.length, count);
      heard = more;
    }

    /** Signal to noise of a frequency in the last 400 ms heard. */
    double clean(double frequency) {
      int last = codec.sampleRateHz() * 2 / 5;
      assertThat(heard.length).isGreaterThan(last);
      return Signals.toneSnrDb(heard, heard.length - last, frequency, codec.sampleRateHz());
    }

    boolean hearsSilence() {
      int last = codec.sampleRateHz() / 5;
      return Signals.levelDb(heard, heard.length - last, last) < -50;
    }
  }

  private long now;

  private void beats(VoiceRoom room, int count, Phone... phones) {
    for (int i = 0; i < count; i++) {
      for (Phone phone : phones) {
        phone.speak(now);
      }
      now += BEAT;
      room.beat(now);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PCMU,PCMA",
    "PCMU,G722",
    "PCMA,OPUS",
    "G722,OPUS",
    "OPUS,OPUS",
    "L16_16K,PCMU",
    "L16_48K,G722"
  })
  void a_call_of_two_codecs_is_transcoded_both_ways(VoiceCodec one, VoiceCodec two) {
    VoiceRoom room = VoiceRoom.call();
    Phone a = new Phone(room, one, 600);
    Phone b = new Phone(room, two, 1000);
    beats(room, 60, a, b);
    assertThat(b.clean(600)).isGreaterThan(18);
    assertThat(a.clean(1000)).isGreaterThan(18);
    for (int i = 1; i < a.sequences.size(); i++) {
      assertThat(a.sequences.get(i)).isEqualTo((a.sequences.get(i - 1) + 1) & 0xffff);
    }
  }

  @Test
  void hold_plays_music_to_one_and_silence_to_the_other_and_resume_brings_both_back() {
    VoiceRoom room = VoiceRoom.call();
    Phone a = new Phone(room, VoiceCodec.PCMU, 600);
    Phone b = new Phone(room, VoiceCodec.G722, 1000);
    beats(room, 40, a, b);
    a.member.hold(tone(440));
    beats(room, 40, a, b);
    assertThat(a.clean(440)).isGreaterThan(25);
    assertThat(b.hearsSilence()).isTrue();
    a.member.resume();
    beats(room, 40, a, b);
    assertThat(a.clean(1000)).isGreaterThan(18);
    assertThat(b.clean(600)).isGreaterThan(18);
  }

  @Test
  void a_prompt_with_barge_in_ends_with_a_key_and_one_without_goes_on() {
    VoiceRoom room = VoiceRoom.call();
    Phone a = new Phone(room, VoiceCodec.PCMU, 0);
    StringBuilder keys = new StringBuilder();
    a.leg.onKeys(
        key -> {
          keys.append(key);
          a.member.keyPressed();
        });
    a.member.play(tone(440), false);
    press(a, '5');
    assertThat(a.member.isPlaying()).isTrue();
    a.member.play(tone(440), true);
    beats(room, 30, a);
    assertThat(a.clean(440)).isGreaterThan(25);
    press(a, '6');
    assertThat(a.member.isPlaying()).isFalse();
    assertThat(keys.toString()).isEqualTo("56");
  }

  private void press(Phone phone, char key) {
    byte[] event = new byte[4];
    TelephoneEvent.write(event, 0, key, false, 10, 160);
    for (int i = 0; i < 3; i++) {
      phone.leg.onPacket(phone.packet(101, event, 4, phone.timestamp), now);
    }
    phone.timestamp += 1600;
  }

  @Test
  void keys_that_are_pressed_towards_a_party_arrive_once_each() {
    VoiceRoom room = VoiceRoom.call();
    Phone a = new Phone(room, VoiceCodec.OPUS, 600);
    beats(room, 10, a);
    assertThat(a.leg.press("12#")).isEqualTo(3);
    beats(room, 60, a);
    assertThat(a.keysHeard.toString()).isEqualTo("12#");
  }

  @Test
  void a_party_without_telephone_events_is_sent_keys_as_sound() {
    LegFormat withoutEvents = new LegFormat(VoiceCodec.PCMU, 0, LegFormat.NONE);
    StringBuilder heard = new StringBuilder();
    VoiceLeg party = new VoiceLeg(withoutEvents, (packet, octets) -> {}, 1);
    party.hearKeysInBand(true);
    party.onKeys(heard::append);
    long[] now = new long[1];
    VoiceLeg ours =
        new VoiceLeg(
            withoutEvents,
            (packet, octets) -> party.onPacket(Unpooled.wrappedBuffer(packet, 0, octets), now[0]),
            2);
    short[] room = new short[160];
    assertThat(ours.press("1x9#")).isEqualTo(3);
    for (int beat = 0; beat < 60; beat++) {
      now[0] = beat * BEAT;
      if (beat % 2 == 0) {
        ours.send(new short[160]);
      } else {
        ours.sendEncoded(new byte[160], 160); // as to the listeners of a conference
      }
      party.receive(room, now[0]);
    }
    assertThat(heard.toString()).isEqualTo("19#");
  }

  @Test
  void a_room_of_five_hundred_hears_who_speaks_and_takes_nobody_more() {
    VoiceRoom room = VoiceRoom.conference(500);
    List<Phone> speakers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      speakers.add(new Phone(room, VoiceCodec.PCMU, i < 9 ? 0 : 600));
    }
    Phone listener = new Phone(room, VoiceCodec.PCMU, 0);
    int[] sent = new int[1];
    while (room.size() < 500) {
      LegFormat format = LegFormat.of(VoiceCodec.PCMU);
      VoiceLeg silent = new VoiceLeg(format, (packet, octets) -> sent[0]++, room.size());
      assertThat(room.join(silent, 0)).isPresent();
    }
    assertThat(room.join(new VoiceLeg(LegFormat.of(VoiceCodec.PCMU), (p, o) -> {}, 1), 0))
        .as("one too many")
        .isEmpty();
    List<Phone> all = new ArrayList<>(speakers);
    all.add(listener);
    beats(room, 50, all.toArray(Phone[]::new));
    assertThat(listener.clean(600)).isGreaterThan(18);
    assertThat(sent[0]).as("everybody is sent a packet a beat").isEqualTo(489 * 50);
  }

  @Test
  void in_a_conference_all_hear_the_speakers_and_one_encoding_serves_the_listeners() {
    VoiceRoom room = VoiceRoom.conference(50);
    List<Phone> phones = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      VoiceCodec codec =
          new VoiceCodec[] {VoiceCodec.PCMU, VoiceCodec.G722, VoiceCodec.OPUS}[i % 3];
      phones.add(new Phone(room, codec, i == 0 ? 600 : 0));
    }
    beats(room, 60, phones.toArray(Phone[]::new));
    for (Phone listener : phones.subList(1, 12)) {
      assertThat(listener.clean(600)).isGreaterThan(18);
    }
    assertThat(phones.get(0).hearsSilence()).isTrue();
    assertThat(room.activeSpeaker()).contains(phones.get(0).member);
    room.muteAll(true, null);
    beats(room, 30, phones.toArray(Phone[]::new));
    assertThat(phones.get(1).hearsSilence()).isTrue();
  }

  @Test
  void a_listener_who_begins_to_speak_goes_on_with_its_sequence_numbers() {
    VoiceRoom room = VoiceRoom.conference(10);
    Phone a = new Phone(room, VoiceCodec.PCMU, 600);
    Phone b = new Phone(room, VoiceCodec.PCMU, 0);
    Phone c = new Phone(room, VoiceCodec.PCMU, 0);
    beats(room, 30, a, b, c);
    b.say(900);
    beats(room, 30, a, b, c);
    assertThat(c.sequences).hasSize(60);
    for (int i = 1; i < b.sequences.size(); i++) {
      assertThat(b.sequences.get(i)).isEqualTo((b.sequences.get(i - 1) + 1) & 0xffff);
    }
    assertThat(b.clean(600)).isGreaterThan(18);
  }

  @Test
  void a_full_room_takes_nobody_and_a_closed_one_neither() {
    VoiceRoom room = VoiceRoom.conference(1);
    Phone only = new Phone(room, VoiceCodec.PCMU, 600);
    assertThat(room.join(only.leg, 0)).isEmpty();
    room.leave(only.member);
    room.close();
    assertThat(room.join(only.leg, 0)).isEmpty();
  }

  @Test
  void a_beat_of_a_conference_makes_no_garbage() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    VoiceRoom room = VoiceRoom.conference(20);
    List<VoiceLeg> legs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      VoiceCodec codec = i % 2 == 0 ? VoiceCodec.PCMU : VoiceCodec.G722;
      VoiceLeg leg = new VoiceLeg(LegFormat.of(codec), (packet, octets) -> {}, i + 1);
      var _ = room.join(leg, 0).orElseThrow();
      legs.add(leg);
    }
    ByteBuf packet = Unpooled.buffer(172);
    byte[] speech = new byte[160];
    new Random(1).nextBytes(speech);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int beat = 0; beat < 100; beat++) {
        int number = round * 100 + beat;
        for (int i = 0; i < legs.size(); i++) {
          packet.clear();
          RtpPacket.writeHeader(packet, false, i % 2 == 0 ? 0 : 9, number, number * 160, i + 1);
          packet.writeBytes(speech);
          legs.get(i).onPacket(packet, now);
        }
        now += BEAT;
        room.beat(now);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("octets in 2,000 frames").isLessThan(20_000);
  }

  static Sound tone(double hertz) {
    return rate -> {
      int[] at = new int[1];
      return (samples, from, count) -> {
        for (int i = 0; i < count; i++) {
          samples[from + i] = (short) (9000 * Math.sin(2 * Math.PI * hertz * at[0]++ / rate));
        }
        return count;
      };
    };
  }
}
