package io.tandem.protocol.media.playout;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Beats when the test says so. */
public final class HandMetronome implements Metronome {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  @Override
  public Subscription listen(Runnable onBeat) {
    listeners.add(onBeat);
    return () -> listeners.remove(onBeat);
  }

  /** One beat for everybody who listens. */
  public void beat() {
    listeners.forEach(Runnable::run);
  }

  /** So many beats, one after the other. */
  public void beats(int count) {
    for (int i = 0; i < count; i++) {
      beat();
    }
  }
}
