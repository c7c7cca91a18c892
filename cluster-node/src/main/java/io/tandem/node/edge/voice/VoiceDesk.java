package io.tandem.node.edge.voice;

import io.tandem.protocol.media.mix.Sound;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.voice.VoiceLoop;
import io.tandem.protocol.media.voice.VoiceRoom;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** What the voice of all calls of a node shares: the beat, the clock and the music on hold. */
public final class VoiceDesk implements AutoCloseable {
  private final VoiceLoop loop;
  private final LongSupplier nanoClock;
  private final Optional<Sound> holdMusic;
  private final AtomicInteger rooms = new AtomicInteger();

  /**
   * @param threads that decode, mix and encode
   * @param nanoClock of the media anchor
   * @param holdMusic what is played to who is put on hold; empty: what the holder sends, if
   *     anything
   */
  public VoiceDesk(int threads, LongSupplier nanoClock, Optional<Sound> holdMusic) {
    this.loop = new VoiceLoop(threads, nanoClock);
    this.nanoClock = nanoClock;
    this.holdMusic = holdMusic;
  }

  /** The voice of a call, relayed for now. */
  public CallVoice call(Relay relay) {
    return new CallVoice(this, relay);
  }

  /** What is played to who is put on hold, if anything. */
  public Optional<Sound> holdMusic() {
    return holdMusic;
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
  }
}
