package io.tandem.protocol.media.speech;

import com.sun.speech.freetts.Voice;
import com.sun.speech.freetts.VoiceManager;
import com.sun.speech.freetts.audio.AudioPlayer;
import io.tandem.protocol.media.playout.Prompt;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;

/** The voice that is always there: FreeTTS inside the JVM, English, 16 kHz. One text at a time. */
public final class FreeTtsSpeech implements Speech {
  private static final String DIRECTORY_PROPERTY = "freetts.voices";
  private static final String DIRECTORY =
      "com.sun.speech.freetts.en.us.cmu_us_kal.KevinVoiceDirectory";
  private static final String VOICE = "kevin16";
  private static final int RATE_HZ = 16_000;

  @Override
  public String voice() {
    return "freetts/" + VOICE;
  }

  @Override
  public synchronized Spoken speak(String text) {
    System.setProperty(DIRECTORY_PROPERTY, DIRECTORY); // the library looks nowhere else
    Voice voice = VoiceManager.getInstance().getVoice(VOICE);
    if (voice == null) {
      return new Spoken.Failed("FreeTTS has no voice " + VOICE);
    }
    Collector collector = new Collector();
    voice.allocate();
    try {
      voice.setAudioPlayer(collector);
      if (!voice.speak(text)) {
        return new Spoken.Failed("FreeTTS refused the text");
      }
    } finally {
      voice.deallocate();
    }
    return collector.heard();
  }

  /** Takes what the voice would play; most of the library's door is about loudspeakers. */
  private static final class Collector implements AudioPlayer {
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private AudioFormat format = new AudioFormat(RATE_HZ, 16, 1, true, true);

    Spoken heard() {
      if (format.getSampleRate() != RATE_HZ || format.getSampleSizeInBits() != 16) {
        return new Spoken.Failed("FreeTTS speaks " + format);
      }
      ByteOrder order = format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      ByteBuffer pcm = ByteBuffer.wrap(octets.toByteArray()).order(order);
      short[] samples = new short[pcm.remaining() / 2];
      pcm.asShortBuffer().get(samples);
      return new Spoken.Said(Prompt.of(samples, RATE_HZ));
    }

    @Override
    public void setAudioFormat(AudioFormat next) {
      format = next;
    }

    @Override
    public AudioFormat getAudioFormat() {
      return format;
    }

    @Override
    public boolean write(byte[] data) {
      return write(data, 0, data.length);
    }

    @Override
    public boolean write(byte[] data, int from, int count) {
      octets.write(data, from, count);
      return true;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void reset() {}

    @Override
    public boolean drain() {
      return true;
    }

    @Override
    public void begin(int size) {}

    @Override
    public boolean end() {
      return true;
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}

    @Override
    public float getVolume() {
      return 1;
    }

    @Override
    public void setVolume(float volume) {}

    @Override
    public long getTime() {
      return 0;
    }

    @Override
    public void resetTime() {}

    @Override
    public void startFirstSampleTimer() {}

    @Override
    public void showMetrics() {}
  }
}
