package io.tandem.persistence.call;

import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.CallIndexRow;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call as its detail record shows it, from the first event on. */
public final class CallRecord {
  private CallRecord() {}

  /** The row of a call; empty before it was offered. */
  public static Optional<CallIndexRow> rowOf(CallState state) {
    return state instanceof CallState.Begun begun ? Optional.of(row(begun)) : Optional.empty();
  }

  private static CallIndexRow row(CallState.Begun call) {
    CallEvent.Offered offered = call.offered();
    CallEvent.Connected bridged =
        switch (call) {
          case CallState.Routing _ -> null;
          case CallState.Connected connected -> connected.bridged();
          case CallState.Ended ended -> ended.bridged();
        };
    CallEvent.Ended end = call instanceof CallState.Ended ended ? ended.end() : null;
    Offer taken = bridged == null ? null : offered.plan().offer(bridged.offerId()).orElse(null);
    Money charged = charged(call);
    return new CallIndexRow(
        call.callId(),
        taken == null ? offered.campaignAccountId() : taken.accountId(),
        offered.campaignId(),
        taken == null ? null : taken.agentId(),
        call.getClass().getSimpleName().toLowerCase(Locale.ROOT),
        "inbound",
        offered.callerBlind(),
        offered.calledNumber(),
        offered.at(),
        bridged == null ? null : bridged.at(),
        end == null ? null : end.at(),
        end == null || bridged == null ? null : Duration.ofMillis(end.connectedMillis()),
        charged != null,
        charged == null ? null : Long.valueOf(charged.micros()),
        charged == null ? null : charged.currency(),
        end == null ? null : end.cause(),
        null,
        offered.edge().toString());
  }

  /** What the call costs once it has qualified; null before and when it never did. */
  private static @Nullable Money charged(CallState.Begun call) {
    CallEvent.Qualified qualified =
        switch (call) {
          case CallState.Routing _ -> null;
          case CallState.Connected connected -> connected.qualified();
          case CallState.Ended ended -> ended.qualified();
        };
    return qualified == null ? null : qualified.charge();
  }
}
