package io.tandem.node.call;

import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallSamples;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.golden.GoldenFile;
import io.tandem.persistence.journal.TypeNames;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The sent forms of a call's commands, replies and signals: nodes of two versions talk during an
 * update.
 */
class CallGoldenTest {

  private static final Instant AT = CallSamples.BRIDGED_AT;

  @Test
  void commands_and_replies_are_written_as_they_always_were() {
    TypeNames names = TypeNames.builder().addAll(CallCommand.class).addAll(CallReply.class).build();
    GoldenFile.sent(names)
        .in(Path.of("src/test/resources/golden/call"))
        .check(
            List.of(
                new CallCommand.Offer(
                    "camp_1",
                    "acct_c",
                    CallSamples.number("+15125550100"),
                    "blind",
                    new CallerState("TX", CallerState.Source.PUBLISHER),
                    "+18005550100",
                    true,
                    CallSamples.EDGE,
                    CallSamples.dialog("sip-1"),
                    CallSamples.plan(2, 1),
                    new RoutingTrace("agent_1\tacct_1\tCHOSEN\to1\n")),
                new CallCommand.OfferRefused("o1", "INSUFFICIENT_FUNDS", "holds 3.00 USD"),
                new CallCommand.AdmissionRefused("CONCURRENCY_REACHED", "takes 5, has 5"),
                new CallCommand.ChargeRefused("CONFLICT", "amount"),
                new CallCommand.PhoneFailed(CallSamples.failure("o1", "NO_ANSWER"), AT),
                new CallCommand.Bridged(
                    "o1",
                    CallSamples.dialog("sip-1"),
                    CallSamples.dialog("sip-2"),
                    List.of("o2"),
                    AT),
                new CallCommand.LegRefreshed(true, CallSamples.dialog("sip-2"), true, AT),
                new CallCommand.RecordingDecided(
                    "NOTICE_PLAYED", CallSamples.recordingDecided().place(), AT),
                new CallCommand.RecordingDone(40_000, 1_280_400, "ab".repeat(32), 0, "", AT),
                new CallCommand.PauseRecording(true),
                new CallCommand.Crossed(90_000, AT),
                new CallCommand.LegsEnded(EndedBy.AGENT, "NORMAL", 90_001, AT)
                    .with(CallSamples.media()),
                new CallCommand.EdgeLost(new ProofOfLife(CallSamples.EDGE, AT, AT)),
                new CallCommand.AgentWithdrawn("o1", "IN_COOLDOWN"),
                new CallCommand.HoldInquiry("c/o1/hold"),
                new CallCommand.AdmissionInquiry(),
                new CallCommand.ReservationInquiry("o1"),
                new CallCommand.Wake(),
                new CallCommand.Read(),
                new CallReply.Noted(true),
                new CallReply.View(CallState.fresh(CallSamples.CALL_ID)),
                new CallReply.StillNeeded(),
                new CallReply.NotNeeded("ENDED"),
                new CallReply.Unknown(),
                new CallReply.Misplaced("OTHER_EDGE"),
                new CallReply.Conflict("plan")));
  }

  @Test
  void signals_are_written_as_they_always_were() {
    TypeNames names = TypeNames.builder().addAll(LegCommand.class).addAll(EdgeNews.class).build();
    GoldenFile.sent(names)
        .in(Path.of("src/test/resources/golden/call-signals"))
        .check(
            List.of(
                new LegCommand.Ring(CallSamples.CALL_ID, CallSamples.offer(1), 18_000),
                new LegCommand.StopRinging(CallSamples.CALL_ID, "o1", "IN_COOLDOWN"),
                new LegCommand.Reject(CallSamples.CALL_ID, 480, "NO_AGENT"),
                new LegCommand.HangUp(CallSamples.CALL_ID, "LONGEST_CALL"),
                new LegCommand.PauseRecording(CallSamples.CALL_ID, true),
                new LegCommand.Report(CallSamples.CALL_ID),
                new EdgeNews.Seats(
                    new EdgeRef("edge-1", 7),
                    List.of(new EdgeNews.Seat(CallSamples.CALL_ID, "bert", true)))));
  }
}
