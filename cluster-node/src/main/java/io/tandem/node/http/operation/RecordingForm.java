package io.tandem.node.http.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallRecording;
import io.tandem.persistence.call.RecordingPlace;

/** The recording of a call as the API shows it (TEL-14): whether, why, where, and its hash. */
final class RecordingForm {
  private enum State {
    DECLINED,
    RUNNING,
    PAUSED,
    /** The edge died: what was written up to then is there. */
    CUT_OFF,
    DONE
  }

  private RecordingForm() {}

  static ObjectNode json(CallRecording recording, boolean edgeLost) {
    RecordingPlace place = recording.decided().place();
    CallEvent.RecordingDone done = recording.done();
    ObjectNode json =
        Forms.object()
            .put("state", state(recording, edgeLost).name())
            .put("ground", recording.decided().ground())
            .put("since", recording.decided().at().toString())
            .put("node", place == null ? null : place.node())
            .put("file", place == null ? null : place.file());
    return json.put("millis", done == null ? null : done.millis())
        .put("octets", done == null ? null : done.octets())
        .put("sha256", done == null || done.sha256().isEmpty() ? null : done.sha256())
        .put("lostMillis", done == null ? null : done.lostMillis())
        .put("failure", done == null || done.failure().isEmpty() ? null : done.failure());
  }

  private static State state(CallRecording recording, boolean edgeLost) {
    if (recording.decided().place() == null) {
      return State.DECLINED;
    }
    if (recording.done() != null) {
      return State.DONE;
    }
    if (edgeLost) {
      return State.CUT_OFF;
    }
    return recording.paused() ? State.PAUSED : State.RUNNING;
  }
}
