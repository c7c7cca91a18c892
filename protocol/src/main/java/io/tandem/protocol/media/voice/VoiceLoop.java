package io.tandem.protocol.media.voice;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of the rooms of a node: a few threads that beat every 20 ms, each for its rooms, spread
 * by their number. A late beat is followed by the next at once, so that the mean pace holds.
 */
public final class VoiceLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VoiceLoop.class);
  private static final int BEAT_MILLIS = 20;

  private final LongSupplier nanoClock;
  private final List<Voices> threads = new ArrayList<>();
  private final LongAdder failedBeats = new LongAdder();

  private final LongAdder lateBeats = new LongAdder();

  /** A thread, its rooms, and how it gets on with them. */
  private static final class Voices {
    final ScheduledExecutorService executor;
    final List<VoiceRoom> rooms = new CopyOnWriteArrayList<>();
    final BeatPace pace = new BeatPace();
    volatile boolean overloaded;

    Voices(ScheduledExecutorService executor) {
      this.executor = executor;
    }
  }

  /**
   * @param nanoClock monotonic, the same that times the packets
   */
  public VoiceLoop(int threadCount, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    for (int i = 0; i < threadCount; i++) {
      ScheduledExecutorService executor =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().daemon().name("voice-" + i).factory());
      Voices voices = new Voices(executor);
      threads.add(voices);
      // Failures are caught within; the future says nothing more.
      var unused =
          executor.scheduleAtFixedRate(() -> beat(voices), 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Beats for this room from now on. */
  public void add(VoiceRoom room) {
    Voices least = threads.getFirst();
    for (Voices voices : threads) {
      least = voices.rooms.size() < least.rooms.size() ? voices : least;
    }
    least.rooms.add(room);
  }

  /** Beats for it no more; returns when no beat of it is under way. */
  public void remove(VoiceRoom room) {
    for (Voices voices : threads) {
      voices.rooms.remove(room);
    }
    synchronized (room) {
      LOG.trace("a room has left its loop");
    }
  }

  /** Beats that ended with an error; more than none is a fault of ours. */
  public long failedBeats() {
    return failedBeats.sum();
  }

  /** Beats that began more than 20 ms after their time: who listens then hears gaps. */
  public long lateBeats() {
    return lateBeats.sum();
  }

  /** Whether a thread was late for a whole second: nothing should be added that can do without. */
  public boolean isOverloaded() {
    return threads.stream().anyMatch(voices -> voices.overloaded);
  }

  private void beat(Voices voices) {
    long now = nanoClock.getAsLong();
    if (voices.pace.begins(now)) {
      lateBeats.increment();
    }
    voices.overloaded = voices.pace.isOverloaded(now);
    for (VoiceRoom room : voices.rooms) {
      try {
        room.beat(now);
      } catch (Throwable fault) {
        // One room's fault must not silence the others, nor an Error end the beats for ever; it is
        // counted, and logged once in a while.
        failedBeats.increment();
        if (failedBeats.sum() % 50 == 1) {
          LOG.error("a beat failed", fault);
        }
      }
    }
  }

  /** Ends the threads. */
  @Override
  public void close() {
    threads.forEach(voices -> voices.executor.shutdownNow());
  }
}
