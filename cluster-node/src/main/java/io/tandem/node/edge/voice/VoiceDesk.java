package io.tandem.node.edge.voice;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.node.recording.RecordingShelf;
import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.speech.SpokenTexts;
import io.tandem.protocol.media.voice.VoiceLoop;
import io.tandem.protocol.media.voice.VoiceRoom;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What the voice of all calls of a node shares: the beat, the clock, the sounds, the recordings.
 */
public final class VoiceDesk implements AutoCloseable {
  private final VoiceLoop loop;
  private final LongSupplier nanoClock;
  private final Sounds sounds;
  private final RecordingShelf recordings;
  private final Executor blocking;
  private final MediaMeters meters;
  private final AtomicInteger rooms = new AtomicInteger();

  /**
   * What is played.
   *
   * @param holdMusic to who is put on hold; empty: what the holder sends, if anything
   * @param ringback to who was told something before a phone rings
   * @param texts what is said
   */
  public record Sounds(Optional<Sound> holdMusic, Sound ringback, SpokenTexts texts) {}

  /**
   * @param threads that decode, mix and encode
   * @param nanoClock of the media anchor
   * @param blocking where speech is made and files are opened; never a loop
   */
  public VoiceDesk(
      int threads,
      LongSupplier nanoClock,
      Sounds sounds,
      RecordingShelf recordings,
      Executor blocking,
      MeterRegistry meters) {
    this.loop = new VoiceLoop(threads, nanoClock);
    this.nanoClock = nanoClock;
    this.sounds = sounds;
    this.recordings = recordings;
    this.blocking = blocking;
    this.meters = new MediaMeters(meters);
    this.meters.beats(loop);
  }

  /** The voice of a call, relayed for now. */
  public CallVoice call(Relay relay) {
    return new CallVoice(this, relay);
  }

  /** What is played. */
  public Sounds sounds() {
    return sounds;
  }

  RecordingShelf recordings() {
    return recordings;
  }

  MediaMeters meters() {
    return meters;
  }

  Executor blocking() {
    return blocking;
  }

  /** Whether the voices there are come late already: none is added that can do without. */
  boolean isOverloaded() {
    return loop.isOverloaded();
  }

  /** Calls whose voice is decoded now. */
  public int decodedCalls() {
    return rooms.get();
  }

  void open(VoiceRoom room) {
    rooms.incrementAndGet();
    loop.add(room);
  }

  /** Returns when no beat of the room is under way. */
  void close(VoiceRoom room) {
    rooms.decrementAndGet();
    loop.remove(room);
  }

  long now() {
    return nanoClock.getAsLong();
  }

  /** RFC 3550 8: of our own streams, by chance. */
  int newSource() {
    return ThreadLocalRandom.current().nextInt();
  }

  @Override
  public void close() {
    loop.close();
    sounds.texts().close();
    recordings.close();
  }
}
