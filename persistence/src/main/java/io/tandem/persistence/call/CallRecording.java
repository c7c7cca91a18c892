package io.tandem.persistence.call;

import org.jspecify.annotations.Nullable;

/**
 * The recording of a call: the decision with its ground, then what became of it (TEL-14, CMP-3).
 *
 * @param decided why it is made or not, and where
 * @param paused whether nothing is kept now (card data)
 * @param changes how often it was paused or taken up again
 * @param done what became of it; null while it goes on, and when its node died
 */
public record CallRecording(
    CallEvent.RecordingDecided decided,
    boolean paused,
    int changes,
    CallEvent.@Nullable RecordingDone done) {

  /** After an event; one that does not belong here changes nothing. */
  static @Nullable CallRecording after(@Nullable CallRecording before, CallEvent event) {
    if (before == null) {
      return event instanceof CallEvent.RecordingDecided decided
          ? new CallRecording(decided, false, 0, null)
          : null;
    }
    return switch (event) {
      case CallEvent.RecordingPaused e ->
          new CallRecording(before.decided, e.paused(), before.changes + 1, before.done);
      case CallEvent.RecordingDone e ->
          new CallRecording(before.decided, before.paused, before.changes, e);
      default -> before;
    };
  }

  /** Whether there is one that still goes on, as far as is known. */
  public boolean isRunning() {
    return decided.place() != null && done == null;
  }
}
