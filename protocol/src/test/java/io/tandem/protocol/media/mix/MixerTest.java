package io.tandem.protocol.media.mix;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.Signals;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is heard by whom, sample by sample. */
class MixerTest {
  private static final int FRAMES = 50;
  private static final long FRAME_NANOS = 20_000_000;

  /** A seat that says a tone and writes down what it hears. */
  private static final class Guest {
    final Seat seat;
    final double hertz;
    final double amplitude;
    final short[] heard;
    private int at;

    Guest(Mixer mixer, int rateHz, double hertz, double amplitude) {
      this.seat = mixer.join(rateHz, false, 0);
      this.hertz = hertz;
      this.amplitude = amplitude;
      this.heard = new short[FRAMES * rateHz / 50];
    }

    void speak(int frame) {
      int n = seat.samples;
      for (int i = 0; i < n && hertz > 0; i++) {
        double t = (double) (frame * n + i) / seat.rateHz();
        seat.input()[i] = (short) Math.round(32767 * amplitude * Math.sin(2 * Math.PI * hertz * t));
      }
      if (hertz > 0) {
        seat.speak(frame * FRAME_NANOS);
      }
    }

    void listen() {
      System.arraycopy(seat.output(), 0, heard, at, seat.samples);
      at += seat.samples;
    }

    /** Level of one frequency in the second half of what was heard, dBFS of a sine. */
    double levelOf(double frequency) {
      double re = 0;
      double im = 0;
      int from = heard.length / 2;
      for (int i = from; i < heard.length; i++) {
        double w = 2 * Math.PI * frequency * i / seat.rateHz();
        re += heard[i] * Math.cos(w);
        im += heard[i] * Math.sin(w);
      }
      double peak = 2 * Math.hypot(re, im) / (heard.length - from);
      return 20 * Math.log10(Math.max(peak, 0.01) / 32767);
    }
  }

  private static void run(Mixer mixer, List<Guest> guests) {
    for (int frame = 0; frame < FRAMES; frame++) {
      for (Guest guest : guests) {
        guest.speak(frame);
      }
      mixer.pass();
      guests.forEach(Guest::listen);
    }
  }

  @Test
  void in_a_room_of_8_16_and_48_khz_each_hears_all_but_itself() {
    Mixer mixer = new Mixer(8);
    List<Guest> guests = new ArrayList<>();
    guests.add(new Guest(mixer, 8000, 400, 0.2));
    guests.add(new Guest(mixer, 16000, 700, 0.2));
    guests.add(new Guest(mixer, 48000, 1100, 0.2));
    guests.add(new Guest(mixer, 8000, 0, 0));
    run(mixer, guests);
    for (Guest listener : guests) {
      for (Guest speaker : guests.subList(0, 3)) {
        if (listener.equals(speaker)) {
          assertThat(listener.levelOf(speaker.hertz)).isLessThan(-70);
        } else {
          assertThat(listener.levelOf(speaker.hertz)).isBetween(-14.2, -13.8);
        }
      }
      assertThat(listener.seat.isShared()).isEqualTo(listener.hertz == 0);
    }
  }

  @Test
  void only_the_loudest_are_heard_and_a_newcomer_must_be_clearly_louder() {
    Mixer mixer = new Mixer(2);
    List<Guest> guests = new ArrayList<>();
    guests.add(new Guest(mixer, 8000, 400, 0.05));
    guests.add(new Guest(mixer, 8000, 600, 0.3));
    guests.add(new Guest(mixer, 8000, 800, 0.2));
    guests.add(new Guest(mixer, 8000, 0, 0));
    run(mixer, guests);
    Guest listener = guests.get(3);
    assertThat(listener.levelOf(600)).isGreaterThan(-12);
    assertThat(listener.levelOf(800)).isGreaterThan(-15);
    assertThat(listener.levelOf(400)).isLessThan(-60);
    assertThat(mixer.heard()).isEqualTo(2);
    assertThat(mixer.activeSpeaker()).isEqualTo(guests.get(1).seat);
    // Who is not heard hears both.
    assertThat(guests.get(0).levelOf(600)).isGreaterThan(-12);
  }

  @Test
  void a_muted_seat_is_not_heard_and_hears() {
    Mixer mixer = new Mixer(8);
    List<Guest> guests =
        List.of(new Guest(mixer, 8000, 400, 0.2), new Guest(mixer, 8000, 600, 0.2));
    guests.get(0).seat.mute(true);
    run(mixer, guests);
    assertThat(guests.get(1).levelOf(400)).isLessThan(-70);
    assertThat(guests.get(0).levelOf(600)).isGreaterThan(-15);
  }

  @Test
  void a_seat_on_hold_hears_its_music_only_and_is_not_heard() {
    Mixer mixer = new Mixer(8);
    List<Guest> guests =
        List.of(new Guest(mixer, 8000, 400, 0.2), new Guest(mixer, 8000, 600, 0.2));
    guests.get(0).seat.hold(true);
    guests.get(0).seat.play(tone(1000), true);
    run(mixer, guests);
    assertThat(guests.get(1).levelOf(400)).isLessThan(-70);
    assertThat(guests.get(0).levelOf(600)).isLessThan(-70);
    assertThat(guests.get(0).levelOf(1000)).isGreaterThan(-15);
  }

  @Test
  void a_tone_for_one_is_heard_by_one_and_a_tone_for_all_by_all() {
    Mixer mixer = new Mixer(8);
    List<Guest> guests = List.of(new Guest(mixer, 8000, 400, 0.2), new Guest(mixer, 16000, 0, 0));
    guests.get(1).seat.play(tone(1000), false);
    mixer.announce(tone(1300));
    run(mixer, guests);
    assertThat(guests.get(0).levelOf(1000)).isLessThan(-70);
    assertThat(guests.get(1).levelOf(1000)).isGreaterThan(-15);
    assertThat(guests.get(1).levelOf(400)).isGreaterThan(-15);
    assertThat(guests.get(0).levelOf(1300)).isGreaterThan(-15);
    assertThat(guests.get(1).levelOf(1300)).isGreaterThan(-15);
  }

  @Test
  void many_loud_voices_do_not_wrap() {
    Mixer mixer = new Mixer(8);
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      guests.add(new Guest(mixer, 8000, 300, 0.9));
    }
    guests.add(new Guest(mixer, 8000, 0, 0));
    run(mixer, guests);
    Guest listener = guests.getLast();
    assertThat(listener.levelOf(300)).isBetween(-0.6, 0.1);
    assertThat(Signals.toneSnrDb(listener.heard, 4000, 300, 8000)).isGreaterThan(30);
  }

  @Test
  void loudness_of_speakers_is_brought_together() {
    GainControl loud = new GainControl();
    GainControl soft = new GainControl();
    double[] levels = new double[2];
    for (int frame = 0; frame < 300; frame++) {
      short[] a = Signals.tone(500, 0.5, 8000, 160);
      short[] b = Signals.tone(500, 0.05, 8000, 160);
      loud.apply(a, 160, SpeechSense.meanSquare(a, 0, 160), true);
      soft.apply(b, 160, SpeechSense.meanSquare(b, 0, 160), true);
      levels[0] = Signals.levelDb(a, 0, 160);
      levels[1] = Signals.levelDb(b, 0, 160);
    }
    assertThat(levels[0] - levels[1]).isLessThan(7);
  }

  @Test
  void speech_is_told_from_a_steady_hum_and_dead_air_has_a_clock() {
    SpeechSense sense = new SpeechSense(0);
    short[] hum = Signals.tone(50, 0.02, 8000, 160);
    short[] speech = Signals.tone(500, 0.2, 8000, 160);
    boolean said = false;
    for (int frame = 0; frame < 500; frame++) {
      said = sense.frame(SpeechSense.meanSquare(hum, 0, 160), frame * FRAME_NANOS);
    }
    assertThat(said).isFalse();
    assertThat(sense.frame(SpeechSense.meanSquare(speech, 0, 160), 500 * FRAME_NANOS)).isTrue();
    for (int frame = 501; frame < 1100; frame++) {
      said = sense.frame(0, frame * FRAME_NANOS);
    }
    assertThat(said).isFalse();
    assertThat(sense.lastSpeechNanos()).isEqualTo(500 * FRAME_NANOS);
  }

  @Test
  void who_leaves_is_not_heard_any_more() {
    Mixer mixer = new Mixer(8);
    Guest first = new Guest(mixer, 8000, 400, 0.2);
    Guest second = new Guest(mixer, 8000, 0, 0);
    first.speak(0);
    mixer.leave(first.seat);
    mixer.pass();
    second.listen();
    assertThat(second.heard).containsOnly((short) 0);
    assertThat(mixer.size()).isEqualTo(1);
  }

  private static Sound tone(double hertz) {
    return rate -> {
      int[] at = new int[1];
      return (samples, from, count) -> {
        for (int i = 0; i < count; i++) {
          double t = (double) at[0]++ / rate;
          samples[from + i] = (short) (6500 * Math.sin(2 * Math.PI * hertz * t));
        }
        return count;
      };
    };
  }
}
