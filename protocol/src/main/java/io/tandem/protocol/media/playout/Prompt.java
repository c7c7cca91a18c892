package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.codec.Resampler;
import io.tandem.protocol.media.mix.Sound;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/**
 * A recorded announcement (TEL-7): read once, resampled once a rate, played any number of times.
 * WAV of 8 to 48 kHz, mono or stereo (which becomes mono), 8- or 16-bit PCM or G.711, as the JDK's
 * reader understands them, and Ogg/Opus.
 */
public final class Prompt implements Sound {
  /** The longest prompt, in seconds: larger files are refused before they fill the heap. */
  public static final int MAX_SECONDS = 600;

  private static final String CAPTURE = "OggS";
  private static final int MIN_RATE_HZ = 8000;
  private static final int MAX_RATE_HZ = 48_000;

  private final short[] samples;
  private final int rateHz;
  private final boolean over;
  private final ConcurrentHashMap<Integer, short[]> atRate = new ConcurrentHashMap<>();

  private Prompt(short[] samples, int rateHz, boolean over) {
    this.samples = samples;
    this.rateHz = rateHz;
    this.over = over;
  }

  /** What reading a file comes to. */
  public sealed interface Reading {
    /** It can be played. */
    record Read(Prompt prompt) implements Reading {}

    /**
     * It cannot.
     *
     * @param reason for who uploaded it
     */
    record Refused(String reason) implements Reading {}
  }

  /** Samples that are there already, 8000, 16000 or 48000 a second. */
  public static Prompt of(short[] samples, int rateHz) {
    return new Prompt(samples.clone(), rateHz, false);
  }

  /**
   * Reads a WAV, an Ogg/Opus or, where the system has libmpg123, an MP3 file, by how it begins.
   *
   * @throws IOException when the stream breaks; what is no such file is a {@link Reading.Refused}
   */
  public static Reading read(InputStream file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(file);
    in.mark(CAPTURE.length());
    byte[] first = in.readNBytes(CAPTURE.length());
    in.reset();
    if (Mp3File.begins(first)) {
      return Mp3File.read(in);
    }
    String begins = new String(first, StandardCharsets.ISO_8859_1);
    return begins.equals(CAPTURE) ? OpusFile.read(in) : wav(in);
  }

  /**
   * Reads a WAV file.
   *
   * @throws IOException when the stream breaks; what is no such file is a {@link Reading.Refused}
   */
  public static Reading wav(InputStream file) throws IOException {
    try (AudioInputStream in = AudioSystem.getAudioInputStream(new BufferedInputStream(file))) {
      return sound(in);
    } catch (UnsupportedAudioFileException unknown) {
      return new Reading.Refused("no WAV file");
    }
  }

  /** Sound of the JDK's, of any rate and encoding it knows. */
  static Reading sound(AudioInputStream in) throws IOException {
    AudioFormat found = in.getFormat();
    int rate = (int) found.getSampleRate();
    int channels = found.getChannels();
    if (rate < MIN_RATE_HZ || rate > MAX_RATE_HZ) {
      return new Reading.Refused("a sample rate of 8000 to 48000, not " + rate);
    }
    if (channels != 1 && channels != 2) {
      return new Reading.Refused("one or two channels, not " + channels);
    }
    AudioFormat linear = new AudioFormat(rate, 16, channels, true, false);
    if (!linear.matches(found) && !AudioSystem.isConversionSupported(linear, found)) {
      return new Reading.Refused("an encoding that is not played: " + found.getEncoding());
    }
    int kept = keptRateHz(rate);
    int maxOctets = MAX_SECONDS * kept * channels * 2;
    AudioInputStream even = AudioSystem.getAudioInputStream(linear, in);
    byte[] octets = converted(even, kept, channels).readNBytes(maxOctets + 1);
    if (octets.length > maxOctets) {
      return new Reading.Refused("at most " + MAX_SECONDS + " seconds");
    }
    return new Reading.Read(new Prompt(mono(octets, channels), kept, false));
  }

  /** The rate of ours that a file of another rate is kept at: the next one above. */
  private static int keptRateHz(int rateHz) {
    return rateHz == 8000 ? 8000 : rateHz <= 16_000 ? 16_000 : 48_000;
  }

  private static AudioInputStream converted(AudioInputStream in, int rateHz, int channels) {
    if (in.getFormat().getSampleRate() == rateHz) {
      return in;
    }
    AudioFormat wanted =
        new AudioFormat(
            AudioFormat.Encoding.PCM_SIGNED,
            rateHz,
            16,
            channels,
            2 * channels,
            rateHz,
            false,
            Map.of("interpolation", "sinc")); // the JDK's converter would draw straight lines
    return AudioSystem.getAudioInputStream(wanted, in);
  }

  private static short[] mono(byte[] octets, int channels) {
    ByteBuffer pcm = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    short[] mono = new short[octets.length / 2 / channels];
    for (int i = 0; i < mono.length; i++) {
      int sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += pcm.getShort();
      }
      mono[i] = (short) (sum / channels);
    }
    return mono;
  }

  /** The same, over and over: music on hold. */
  public Prompt looped() {
    return new Prompt(samples, rateHz, true);
  }

  /** How long it is. */
  public double seconds() {
    return (double) samples.length / rateHz;
  }

  @Override
  public Playing at(int wantedHz) {
    short[] ready = atRate.computeIfAbsent(wantedHz, this::resampled);
    int[] next = new int[1];
    return (into, from, count) -> {
      int done = 0;
      while (done < count && ready.length > 0) {
        int part = Math.min(count - done, ready.length - next[0]);
        System.arraycopy(ready, next[0], into, from + done, part);
        next[0] += part;
        done += part;
        if (next[0] == ready.length) {
          if (!over) {
            break;
          }
          next[0] = 0;
        }
      }
      return done;
    };
  }

  private short[] resampled(int wantedHz) {
    if (wantedHz == rateHz) {
      return samples;
    }
    Resampler resampler = new Resampler(rateHz, wantedHz);
    int frame = rateHz / 50;
    int frames = (samples.length + frame - 1) / frame;
    short[] padded = Arrays.copyOf(samples, frames * frame);
    short[] out = new short[frames * wantedHz / 50];
    for (int f = 0; f < frames; f++) {
      resampler.resample(padded, f * frame, frame, out, f * (wantedHz / 50));
    }
    return out;
  }
}
