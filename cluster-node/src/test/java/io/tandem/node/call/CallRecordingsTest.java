package io.tandem.node.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallSamples;
import io.tandem.persistence.call.CallState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a call takes down of its recording, and what it asks its edge. */
class CallRecordingsTest {
  private static final Instant AT = CallSamples.BRIDGED_AT;

  private final CallRules rules = new CallRules(CallSettings.DEFAULT);
  private CallState state =
      CallState.fresh(CallSamples.CALL_ID)
          .apply(CallSamples.offered(CallSamples.plan(1)))
          .apply(CallSamples.connected("o1"));

  private CallReply tell(CallCommand command) {
    Decision<CallEvent, CallReply> decision = rules.decide(state, command, AT);
    for (CallEvent event : decision.events()) {
      state = state.apply(event);
    }
    return decision.reply();
  }

  private List<String> signals() {
    return rules.resume(state, Acks.NONE, AT).stream()
        .map(Effect::id)
        .map(id -> id.substring(CallSamples.CALL_ID.length() + 1))
        .filter(id -> id.startsWith("recording"))
        .toList();
  }

  private CallCommand made() {
    return new CallCommand.RecordingDecided(
        "NOTICE_PLAYED", CallSamples.recordingDecided().place(), AT);
  }

  @Test
  void a_decision_stands_and_each_pause_and_each_resumption_is_told_to_the_edge_once() {
    assertThat(tell(new CallCommand.PauseRecording(true)))
        .isEqualTo(new CallReply.Misplaced("NOT_RECORDED"));
    assertThat(tell(made())).isEqualTo(new CallReply.Noted(false));
    assertThat(tell(new CallCommand.RecordingDecided("NOTICE_NOT_PLAYED", null, AT)))
        .isEqualTo(new CallReply.Noted(true));
    assertThat(signals()).isEmpty();
    assertThat(tell(new CallCommand.PauseRecording(true))).isEqualTo(new CallReply.Noted(false));
    assertThat(tell(new CallCommand.PauseRecording(true))).isEqualTo(new CallReply.Noted(true));
    assertThat(signals()).containsExactly("recording/1");
    assertThat(tell(new CallCommand.PauseRecording(false))).isEqualTo(new CallReply.Noted(false));
    assertThat(signals()).containsExactly("recording/2");
  }

  @Test
  void a_call_that_is_not_recorded_says_why_and_cannot_be_paused() {
    tell(new CallCommand.RecordingDecided("NOTICE_NOT_PLAYED", null, AT));
    assertThat(tell(new CallCommand.PauseRecording(true)))
        .isEqualTo(new CallReply.Misplaced("NOT_RECORDED"));
    assertThat(((CallState.Connected) state).recording()).isNotNull();
  }

  @Test
  void what_became_of_it_is_taken_down_once_also_after_the_end() {
    CallCommand done = new CallCommand.RecordingDone(9_000, 99, "ab", 0, "", AT.plusSeconds(9));
    assertThat(tell(done)).isEqualTo(new CallReply.Noted(true));
    tell(made());
    tell(new CallCommand.LegsEnded(CallEvent.EndedBy.CALLER, "NORMAL", 9_000, AT.plusSeconds(9)));
    assertThat(tell(new CallCommand.PauseRecording(true)))
        .isEqualTo(new CallReply.Misplaced("ENDED"));
    assertThat(tell(done)).isEqualTo(new CallReply.Noted(false));
    assertThat(tell(done)).isEqualTo(new CallReply.Noted(true));
    assertThat(((CallState.Ended) state).recording().done().octets()).isEqualTo(99);
  }
}
