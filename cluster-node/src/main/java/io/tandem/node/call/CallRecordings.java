package io.tandem.node.call;

import io.tandem.node.entity.Decision;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallRecording;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a call takes down of its recording (TEL-14, CMP-3): the edge attests, people ask. Pure. */
final class CallRecordings {
  private static final CallReply NOW = new CallReply.Noted(false);
  private static final CallReply BEFORE = new CallReply.Noted(true);

  private CallRecordings() {}

  static Decision<CallEvent, CallReply> decided(
      @Nullable CallRecording known, CallCommand.RecordingDecided c) {
    return known != null
        ? Decision.reply(BEFORE)
        : Decision.event(new CallEvent.RecordingDecided(c.ground(), c.place(), c.at()), NOW);
  }

  static Decision<CallEvent, CallReply> done(
      @Nullable CallRecording known, CallCommand.RecordingDone c) {
    return known == null || !known.isRunning()
        ? Decision.reply(BEFORE)
        : Decision.event(
            new CallEvent.RecordingDone(
                c.millis(), c.octets(), c.sha256(), c.lostMillis(), c.failure(), c.at()),
            NOW);
  }

  /** TEL-14: only a recording that goes on is paused. */
  static Decision<CallEvent, CallReply> pause(
      @Nullable CallRecording known, CallCommand.PauseRecording c, Instant now) {
    if (known == null || !known.isRunning()) {
      return Decision.reply(new CallReply.Misplaced("NOT_RECORDED"));
    }
    return known.paused() == c.paused()
        ? Decision.reply(BEFORE)
        : Decision.event(new CallEvent.RecordingPaused(c.paused(), now), NOW);
  }
}
