package io.tandem.protocol.media.record;

import java.util.List;

/** One sound that goes to several recordings, each with an owner who ends it. */
public final class RecordingTee implements Recording {
  private final List<Recording> to;

  /**
   * @param to one at least
   */
  public RecordingTee(List<Recording> to) {
    if (to.isEmpty()) {
      throw new IllegalArgumentException("nothing to record to");
    }
    this.to = List.copyOf(to);
  }

  @Override
  public void write(short[] left, short[] right, int count) {
    for (Recording each : to) {
      each.write(left, right, count);
    }
  }

  @Override
  public void pause() {
    to.forEach(Recording::pause);
  }

  @Override
  public void resume() {
    to.forEach(Recording::resume);
  }

  @Override
  public void missed(long millis) {
    to.forEach(each -> each.missed(millis));
  }

  /** What became of the first; all are ended. */
  @Override
  public Done finish() {
    return to.stream().map(Recording::finish).toList().getFirst();
  }

  @Override
  public void close() {
    to.forEach(Recording::close);
  }
}
